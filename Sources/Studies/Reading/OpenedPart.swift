internal import Adapter
internal import Core
internal import FeatureStore
internal import Kernels

/// A subset of a feature folder as the methods read it.
final class OpenedPart: FeatureSource {
    fileprivate let file: FeatureFile
    let part: Subset
    /// The items of the chosen classes, as rows of the file, and the place of each class among the chosen ones; nil for all.
    private let chosen: Chosen?

    private struct Chosen {
        /// Rows of the file.
        var rows: [Int]
        /// The index of a row of the file among the chosen rows.
        var places: [Int: Int]
        /// Indices of the classes among the chosen ones.
        var labels: [Int]
    }

    /// Takes a part, or its items of `classes`, which are labelled anew from 0.
    init(_ file: consuming FeatureFile, _ part: Subset, classes: [Int]? = nil) throws(Fault) {
        self.file = file
        self.part = part
        guard let classes else {
            chosen = nil
            return
        }
        var label: [Int: Int] = [:]
        for (place, c) in classes.enumerated() { label[c] = place }
        let all = try self.file.labels()
        var chosen = Chosen(rows: [], places: [:], labels: [])
        for row in all.indices {
            guard let place = label[Int(all[row])] else { continue }
            chosen.places[row] = chosen.rows.count
            chosen.rows.append(row)
            chosen.labels.append(place)
        }
        self.chosen = chosen
    }

    var name: String { file.path }
    var count: Int { chosen?.rows.count ?? file.count }
    var viewCount: Int { file.views }
    var width: Int { file.width }
    var digest: Digest { file.digest }
    func provenance() throws(Fault) -> Provenance { try file.provenance() }

    func labels() throws(Fault) -> [Int] {
        if let chosen { return chosen.labels }
        return try file.labels().map(Int.init)
    }

    func read(rows: [Int], view: Int) throws(Fault) -> Matrix {
        var values: [Float] = []
        let stored = chosen.map { chosen in rows.map { chosen.rows[$0] } } ?? rows
        try file.read(rows: stored, view: view, into: &values)
        return Matrix(values, rows: rows.count, columns: file.width)
    }

    func release(_ rows: Range<Int>) {
        guard let chosen, let first = rows.first, let last = rows.last else { return file.release(rows) }
        file.release(chosen.rows[first] ..< chosen.rows[last] + 1)
    }
}

/// A file may hold only the items of its subset that some few-shot samples take.
extension OpenedPart {
    /// The class of each item of the whole subset, from which samples are sampled.
    func partLabels() throws(Fault) -> [Int] {
        guard let whole = try file.wholePart() else { return try file.labels().map(Int.init) }
        return whole.labels.map(Int.init)
    }

    /// The items at `rows` of the whole subset that belong to the chosen classes.
    ///
    /// - Throws: `badData` if the sample called `name` has an item that is not stored.
    func items(_ rows: [Int], of name: String) throws(Fault) -> [Int] {
        let labels = try partLabels()
        guard let chosen else { return try stored(rows, of: name) }
        let classes = try Set(file.labels().enumerated().filter { chosen.places[$0.offset] != nil }.map(\.element))
        return try stored(rows.filter { classes.contains(Int32(labels[$0])) }, of: name).compactMap {
            chosen.places[$0]
        }
    }

    /// The rows of the file for the items at `rows` of the whole subset.
    ///
    /// An item that is sampled twice has its own features each time, if they are stored.
    private func stored(_ rows: [Int], of name: String) throws(Fault) -> [Int] {
        guard let whole = try file.wholePart() else { return rows }
        var places: [Int: [Int]] = [:]
        for (place, row) in whole.rows.enumerated() { places[Int(row), default: []].append(place) }
        var taken: [Int: Int] = [:]
        return try rows.map { row throws(Fault) in
            guard let copies = places[row] else {
                throw .badData(
                    self.name, found: "no features of item \(row) of the \(part.rawValue) subset",
                    expected: "all items of the sample (\(name))",
                    remedy: "\(action: .addSamples), or leave it out")
            }
            let copy = taken[row, default: 0]
            taken[row] = copy + 1
            return copies[min(copy, copies.count - 1)]
        }
    }

    /// Checks that the file holds all items of its subset, which `purpose` requires.
    func requireWhole(_ purpose: String) throws(Fault) {
        guard let whole = try file.wholePart() else { return }
        throw .badData(
            name, found: "\(count) of the \(part.rawValue) subset's \(whole.labels.count) items",
            expected: "the whole subset for \(purpose)", remedy: "build the features without \(option: "shots")")
    }
}
