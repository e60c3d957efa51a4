internal import Adapter
internal import Core
internal import FeatureStore
internal import Kernels

/// A subset of a feature folder as the methods read it.
final class OpenedPart: FeatureSource {
    private let file: FeatureFile
    let part: Subset
    /// The items of the chosen classes; nil for all.
    private let chosen: Chosen?

    private struct Chosen {
        /// Rows of the file.
        let rows: [Int]
        /// The index of a row of the file among the chosen rows.
        let places: [Int: Int]
        /// Indices of the classes among the chosen ones.
        let labels: [Int]
    }

    /// Takes a part, or its items of `classes`, which are labeled anew from 0.
    init(_ file: consuming FeatureFile, _ part: Subset, classes: [Int]? = nil) throws(Fault) {
        self.file = file
        self.part = part
        guard let labels = classes?.positions else {
            chosen = nil
            return
        }
        let items = try self.file.labels().enumerated().compactMap { row, label in
            labels[Int(label)].map { (row: row, label: $0) }
        }
        chosen = Chosen(rows: items.map(\.row), places: items.map(\.row).positions, labels: items.map(\.label))
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

    /// The name of each item.
    func ids() throws(Fault) -> [String] {
        let all = try file.ids()
        return chosen.map { $0.rows.map { all[$0] } } ?? all
    }

    /// The checksum of each item's image file; nil if they were not recorded.
    func imageChecksums() throws(Fault) -> [UInt64]? {
        guard let all = try file.imageChecksums() else { return nil }
        return chosen.map { $0.rows.map { all[$0] } } ?? all
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
        if let whole = try file.wholePart() { return whole.labels.map(Int.init) }
        return try file.labels().map(Int.init)
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
        let places = Dictionary(grouping: whole.rows.indices) { Int(whole.rows[$0]) }
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

    /// Whether the file holds all items of its subset.
    func isWhole() throws(Fault) -> Bool { try file.wholePart() == nil }

    /// Checks that the file holds all items of its subset, which `purpose` requires.
    func requireWhole(_ purpose: String) throws(Fault) {
        guard let whole = try file.wholePart() else { return }
        throw .badData(
            name, found: "\(count) of the \(part.rawValue) subset's \(whole.labels.count) items",
            expected: "the whole subset for \(purpose)", remedy: "build the features without \(option: "shots")")
    }
}
