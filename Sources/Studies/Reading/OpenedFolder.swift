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
    let train: OpenedPart?
    let val: OpenedPart?
    let test: OpenedPart?
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
        func open(_ part: Subset) throws(Fault) -> OpenedPart? {
            let file = FeatureFile.Kind(part)
            return folder.parts.contains(file) ? try OpenedPart(folder.open(file), part, classes: chosen) : nil
        }
        train = try open(.train)
        val = try open(.val)
        test = try open(.test)
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

    func part(_ part: Subset) -> OpenedPart? {
        switch part {
        case .train: train
        case .val: val
        case .test: test
        }
    }

    /// A setting recorded with the features, such as `dataset` or `model`.
    func recorded(_ setting: String) throws(Fault) -> String? {
        for part in [train, val, test] {
            if let value = try part?.provenance().settings[setting] { return value }
        }
        return nil
    }

    /// The data set's name in results.
    func dataset() throws(Fault) -> String { try recorded("dataset") ?? folder.name }

    var inputs: [Input] {
        [("train", train?.digest), ("val", val?.digest), ("test", test?.digest), ("text", textDigest)].compactMap {
            role, digest in digest.map { Input(role: role, name: "\(role).h5", digest: $0) }
        }
    }

    /// Returns a subset that the study requires.
    ///
    /// - Throws: `noInput` if it is nil.
    func require(_ part: OpenedPart?, _ name: Subset, remedy: Remedy) throws(Fault) -> OpenedPart {
        guard let part else {
            throw Fault(
                .noInput, folder.path(of: .init(name)), found: "no \(name.rawValue) subset", expected: "one",
                remedy: remedy)
        }
        return part
    }
}

extension TextFeatures {
    /// The text features of `names`; nil if a name has none.
    fileprivate func text(of names: [String]) -> ClassText? {
        var places: [String: Int] = [:]
        for (place, name) in classes.enumerated() { places[name] = place }
        let chosen = names.compactMap { places[$0] }
        guard chosen.count == names.count, !names.isEmpty else { return nil }
        let all = Matrix(values, rows: classes.count * promptCount, columns: width)
        let rows = chosen.flatMap { place in (0 ..< promptCount).map { place * promptCount + $0 } }
        return ClassText(
            features: classes == names ? all : all.rows(at: rows), classCount: names.count,
            templateCount: kinds.prefix { $0 == .template }.count)
    }
}
