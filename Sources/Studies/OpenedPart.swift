internal import Adapter
internal import Artifacts
internal import FeatureStore
internal import Kernels

/// A part of a feature folder as the methods read it, mapped.
final class OpenedPart: FeatureSource {
    fileprivate let file: FeatureFile

    init(_ file: consuming FeatureFile) { self.file = file }

    var part: Part { file.part }
    var name: String { file.path }
    var count: Int { file.count }
    var viewCount: Int { file.views }
    var width: Int { file.width }
    var digest: Digest { file.digest }
    func provenance() throws(Fault) -> Provenance { try file.provenance() }

    func labels() throws(Fault) -> [Int] { try file.labels().map(Int.init) }

    func read(rows: [Int], view: Int, into features: inout Matrix) throws(Fault) {
        var values: [Float] = []
        try file.read(rows: rows, view: view, into: &values)
        features = Matrix(values, rows: rows.count, columns: file.width)
    }

    func release(_ rows: Range<Int>) { file.release(rows) }
}

/// A file may hold only those items of its part that some draws take.
extension OpenedPart {
    /// The class of each item of the whole part, which draws are made from.
    func partLabels() throws(Fault) -> [Int] {
        guard let whole = try file.wholePart() else { return try labels() }
        return whole.labels.map(Int.init)
    }

    /// Where the file has the items at `rows` of the whole part; an item that is drawn twice has features of its own
    /// each time, where they were stored.
    ///
    /// - Throws: `badData` where the draw called `name` takes an item that was not stored.
    func stored(_ rows: [Int], of name: String) throws(Fault) -> [Int] {
        guard let whole = try file.wholePart() else { return rows }
        var places: [Int: [Int]] = [:]
        for (place, row) in whole.rows.enumerated() { places[Int(row), default: []].append(place) }
        var taken: [Int: Int] = [:]
        return try rows.map { row throws(Fault) in
            guard let copies = places[row] else {
                throw .badData(
                    self.name, found: "no features of item \(row) of the \(part.rawValue) part",
                    expected: "all items of the draw (\(name))",
                    remedy: "add it with 'fewshot-features build --shots ... --seeds ... --extend', or leave it out")
            }
            let copy = taken[row, default: 0]
            taken[row] = copy + 1
            return copies[min(copy, copies.count - 1)]
        }
    }

    /// Makes sure that the file holds all items of its part, as `purpose` needs.
    func requireWhole(_ purpose: String) throws(Fault) {
        guard let whole = try file.wholePart() else { return }
        throw .badData(
            name, found: "\(count) of the \(part.rawValue) part's \(whole.labels.count) items",
            expected: "the whole part for \(purpose)", remedy: "build the features without --shots")
    }
}

/// A feature folder with its parts open.
struct OpenedFolder: Sendable {
    let folder: FeatureFolder
    let train: OpenedPart?
    let val: OpenedPart?
    let test: OpenedPart?
    let text: ClassText?
    let textDigest: Digest?

    init(_ path: String) throws(Fault) {
        let folder = try FeatureFolder(path: path)
        func open(_ part: Part) throws(Fault) -> OpenedPart? {
            folder.parts.contains(part) ? OpenedPart(try folder.open(part)) : nil
        }
        train = try open(.train)
        val = try open(.val)
        test = try open(.test)
        if folder.parts.contains(.text) {
            let features = try folder.text()
            let rows = features.classes.count * features.promptCount
            text = ClassText(
                features: Matrix(features.values, rows: rows, columns: features.width),
                classCount: features.classes.count, templateCount: features.kinds.prefix { $0 == .template }.count)
            textDigest = features.digest
        } else {
            (text, textDigest) = (nil, nil)
        }
        self.folder = folder
    }

    /// What the data set and model are called where the features were made.
    func recorded(_ setting: String) throws(Fault) -> String? {
        for part in [train, val, test] {
            if let value = try part?.provenance().settings[setting] { return value }
        }
        return nil
    }

    var inputs: [Input] {
        [("train", train?.digest), ("val", val?.digest), ("test", test?.digest), ("text", textDigest)].compactMap {
            role, digest in digest.map { Input(role: role, name: "\(role).h5", digest: $0) }
        }
    }

    /// Opens the part that a study cannot do without.
    func require(_ part: OpenedPart?, _ name: Part, remedy: String) throws(Fault) -> OpenedPart {
        guard let part else {
            throw Fault(
                .noInput, folder.path(of: name), found: "no \(name.rawValue) part", expected: "one", remedy: remedy)
        }
        return part
    }
}
