internal import Core
internal import TensorFiles

/// What the importers share: the settings, the digests of what was read, and the notes for the user.
final class Importer {
    let tool: String
    let settings: ImportSettings
    private var digests: [String: Digest] = [:]
    private(set) var notes: [String] = []

    init(_ tool: String, _ settings: ImportSettings) {
        self.tool = tool
        self.settings = settings
    }

    func note(_ sentence: String) {
        if !notes.contains(sentence) { notes.append(sentence) }
    }

    /// How values of `type` are stored: as they are, unless another type was asked for or there is no such one.
    ///
    /// - Throws: `badData` if they are no floating-point numbers.
    func storage(of type: ElementType, _ path: String) throws(Fault) -> FeatureType {
        guard type.isFloatingPoint else {
            throw .badData(
                path, found: "\(type.rawValue) features", expected: "float16, float32 or float64",
                remedy: "name the file of the features")
        }
        if let asked = settings.type { return asked }
        if let same = FeatureType(rawValue: type.rawValue) { return same }
        note("\(path) holds \(type.rawValue) features; they are stored as float32.")
        return .float32
    }

    /// How a file came to be: the digests of its inputs by role, files that were not given left out.
    func provenance(_ inputs: [(role: String, path: String?)], _ settings: [String: String]) throws(Fault) -> Provenance
    {
        var read: [Input] = []
        for (role, path) in inputs {
            guard let path else { continue }
            let digest: Digest
            if let known = digests[path] { digest = known } else { digest = try streamedDigest(path) }
            digests[path] = digest
            read.append(Input(role: role, name: lastComponent(of: path), digest: digest))
        }
        return Provenance(tool: tool, inputs: read, settings: settings)
    }

    /// The SHA-256 of a file, whose pages are given back as they are passed.
    private func streamedDigest(_ path: String) throws(Fault) -> Digest {
        let file = try MappedFile(path: path)
        var hasher = Digest.Hasher()
        let piece = 1 << 24
        for start in stride(from: 0, to: file.byteCount, by: piece) {
            let range = start ..< min(start + piece, file.byteCount)
            hasher.update(file.bytes.extracting(range))
            file.release(range)
        }
        return hasher.finish()
    }

    /// The class names: those of the file, or numbers up to `count`.
    ///
    /// - Throws: `badData` where the file names another number of classes than `count`, if that is known.
    func classNames(count: Int?, from source: String, atLeast: Int) throws(Fault) -> [String] {
        guard let path = settings.classes else { return (0 ..< (count ?? atLeast)).map(String.init) }
        let names = try ClassNames.read(path)
        if let count, names.count != count {
            throw .badData(
                path, found: "\(names.count) class names", expected: "\(count) as in \(source)",
                remedy: "name the classes of these features")
        }
        return names
    }

    /// The classes that the text features are of: all, or those that are named.
    func textClasses(among classes: [String]) throws(Fault) -> [String] {
        guard let path = settings.textClasses else { return classes }
        let names = try ClassNames.read(path)
        let known = Set(classes)
        for name in names where !known.contains(name) {
            throw .badData(
                path, found: "the class '\(name)'", expected: "names of the images' \(classes.count) classes",
                remedy: "correct it")
        }
        guard Set(names).count == names.count else {
            throw .badData(path, found: "a name twice", expected: "each class once", remedy: "correct the list")
        }
        return names
    }

    /// The labels of `rows`, each checked against the number of classes.
    func labels(_ all: [Int], of rows: [Int], classCount: Int, path: String) throws(Fault) -> [Int32] {
        var labels: [Int32] = []
        labels.reserveCapacity(rows.count)
        for row in rows {
            guard (0 ..< classCount).contains(all[row]), let label = Int32(exactly: all[row]) else {
                throw .badData(
                    path, found: "label \(all[row]) in row \(row)", expected: "0 to \(classCount - 1)",
                    remedy: "correct the labels or the class names")
            }
            labels.append(label)
        }
        return labels
    }

    /// The part that `rows` of `source` make up.
    func planned(
        _ part: Subset, _ source: TensorLocation, rows: [Int], labels: [Int32], classes: [String],
        inputs: [(role: String, path: String?)], extra: [String: String] = [:]
    ) throws(Fault) -> PlannedFile {
        let (shape, type) = try source.description()
        let views = shape.count == 3 ? shape[1] : 1
        let width = shape.last ?? 0
        let storage = try storage(of: type, source.path)
        let recorded = settings.recorded(storage).merging(extra) { $1 }
        return PlannedFile(
            part: FeatureFile.Kind(part), source: source,
            lines: rows.flatMap { row in (0 ..< views).map { row * views + $0 } },
            count: rows.count, views: views, width: width, type: storage,
            content: .items(labels: labels, rows: rows), classes: classes,
            provenance: try provenance(inputs, recorded))
    }

    /// The shape of image features, [N×D] or [N×V×D].
    func imageShape(_ source: TensorLocation) throws(Fault) -> (count: Int, width: Int) {
        let (shape, _) = try source.description()
        guard (2 ... 3).contains(shape.count), !shape.contains(0) else {
            throw .badData(
                source.path, found: "image features of the shape \(shape)",
                expected: "[items, width] or [items, views, width], nothing of it 0",
                remedy: "name the file of the features")
        }
        return (shape[0], shape[shape.count - 1])
    }
}
