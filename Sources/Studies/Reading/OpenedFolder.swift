internal import Adapter
internal import Core
internal import FeatureStore
internal import Kernels

/// A feature folder with opened files, restricted to the chosen classes.
struct OpenedFolder: Sendable {
    let folder: FeatureFolder
    /// The names of the chosen classes, in the folder's order.
    let classes: [String]
    /// The index of each chosen class in the folder's list; nil for all classes.
    let chosen: [Int]?
    /// The name of the selection, such as `base`; nil for all classes.
    let selection: String?
    private let parts: [Subset: OpenedPart]
    let text: ClassText?
    let textDigest: Digest?
    /// The number of chosen classes with text features.
    let textClassCount: Int
    /// Products of the test items that several methods need.
    let testProducts = SharedProducts(byteLimit: 64 << 20)

    init(_ path: String, classes selection: ClassFilter = .all) throws(Fault) {
        let folder = try FeatureFolder(path: path)
        let texts = folder.parts.contains(.text) ? try folder.text() : nil
        let chosen = try selection.labels(among: folder, text: texts)
        var parts: [Subset: OpenedPart] = [:]
        for part in Subset.allCases where folder.parts.contains(.init(part)) {
            parts[part] = try OpenedPart(folder.open(.init(part)), part, classes: chosen)
        }
        self.parts = parts
        classes = chosen.map { $0.map { folder.classes[$0] } } ?? folder.classes
        self.folder = folder
        self.chosen = chosen
        self.selection = selection.name
        text = texts.flatMap { [classes] in $0.text(of: classes) }
        textDigest = texts?.digest
        let named = Set(texts?.classes ?? [])
        textClassCount = classes.count { named.contains($0) }
        if let text { testProducts.share(text.classifier) }
    }

    var train: OpenedPart? { parts[.train] }
    var val: OpenedPart? { parts[.val] }
    var test: OpenedPart? { parts[.test] }

    /// The data set's name in results: the recorded one, or the name of the folder.
    func dataset() throws(Fault) -> String {
        for part in Subset.allCases {
            if let name = try parts[part]?.provenance().settings["dataset"] { return name }
        }
        return folder.name
    }

    var inputs: [Input] {
        let digests = Subset.allCases.map { ($0.rawValue, parts[$0]?.digest) } + [("text", textDigest)]
        return digests.compactMap { role, digest in
            digest.map { Input(role: role, name: "\(role).h5", digest: $0) }
        }
    }

    /// Returns a subset that the study requires.
    ///
    /// - Throws: `noInput` if the folder has none.
    func require(_ part: Subset, remedy: Remedy) throws(Fault) -> OpenedPart {
        if let part = parts[part] { return part }
        throw Fault(
            .noInput, folder.path(of: .init(part)), found: "no \(part.rawValue) subset", expected: "one",
            remedy: remedy)
    }
}

extension TextFeatures {
    /// The text features of `names`; nil if a name has none.
    fileprivate func text(of names: [String]) -> ClassText? {
        let labels = classes.positions
        let chosen = names.compactMap { labels[$0] }
        guard chosen.count == names.count, !names.isEmpty else { return nil }
        let all = Matrix(values, rows: classes.count * promptCount, columns: width)
        let rows = chosen.flatMap { $0 * promptCount ..< ($0 + 1) * promptCount }
        return ClassText(
            features: classes == names ? all : all.rows(at: rows), classCount: names.count,
            templateCount: kinds.prefix { $0 == .template }.count)
    }
}

extension Sequence where Element: Hashable {
    /// The position of each element; of equal ones, the last position.
    var positions: [Element: Int] { Dictionary(enumerated().map { ($1, $0) }) { $1 } }
}
