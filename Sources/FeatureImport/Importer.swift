internal import Core
internal import FeatureStore
internal import TensorFiles

/// The common part of all imports: settings, digests of inputs, and notes for the user.
final class Importer {
    let tool: String
    let settings: ImportSettings
    /// The class names of the given list; nil if there is none.
    let listedClasses: [String]?
    /// The class names, after ``readClasses(of:_:text:width:)``.
    var classes: [String] = []
    /// The names of the source's rows; nil for their numbers.
    var ids: [String]?
    private var digests: [String: Digest] = [:]
    private(set) var notes: [String] = []

    /// - Throws: `noInput` or `badData` for an unusable list of class names.
    init(_ tool: String, _ settings: ImportSettings) throws(Fault) {
        self.tool = tool
        self.settings = settings
        listedClasses = try settings.classes.map { path throws(Fault) in try Self.names(path) }
    }

    /// Finds an array, with a note if its file has several and none was named.
    func source(_ reference: ArrayReference, _ role: ArrayRole, part: Subset? = nil) throws(Fault) -> TensorSource {
        let source = try TensorSource(reference, role, part: part)
        if source.isOneOfSeveral, reference.name != source.name {
            note("'\(source.name)' of \(source.path) is read as the \(role.title).")
        }
        return source
    }

    /// Adds a note for the user, once.
    func note(_ sentence: String) { if !notes.contains(sentence) { notes.append(sentence) } }

    private static let valAsTest =
        "If the val subset holds the test images, as in caches of ImageNet, give its files the names of test."

    /// Adds a note that a file is not written, and of what follows from that.
    func note(missing part: Subset, because reason: String) {
        guard FileKind(at: settings.output.appending(path: FeatureFile.Kind(part).fileName)) == .absent else { return }
        let consequence =
            switch part {
            case .train: "nothing is trained without it."
            case .val: "training chooses settings on it unless given \(OptionName("protocol")) fixed."
            case .test: "accuracies are measured on it. \(Self.valAsTest)"
            }
        note("\(part.rawValue).h5 is not written: \(reason); \(consequence)")
    }

    /// Returns the stored type for values of `type`: the requested one, the same one, or float32.
    ///
    /// - Throws: `badData` if they are not floating-point numbers.
    func storage(of type: ElementType, _ path: String) throws(Fault) -> FeatureType {
        guard type.isFloatingPoint else {
            throw .badData(
                path, found: "\(type.rawValue) features", expected: "float16, float32, or float64",
                remedy: "use the file of the features")
        }
        if let requested = settings.type { return requested }
        if let same = FeatureType(rawValue: type.rawValue) { return same }
        note("\(path) holds \(type.rawValue) features; they are stored as float32.")
        return .float32
    }

    /// Returns the provenance of a file: the digests of its inputs by role, without missing inputs.
    func provenance(_ inputs: [(String, String?)], _ settings: [String: String]) throws(Fault) -> Provenance {
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

    /// Computes the SHA-256 of a file and releases its memory pages in passing.
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

    /// Reads an array of strings or a file supported by ``NameList``.
    private static func names(_ path: String) throws(Fault) -> [String] {
        let reference = ArrayReference(path)
        guard RowNames.isArray(reference) else { return try NameList.read(path) }
        return try NameList.checked(TensorSource(reference, .ids).texts(), path: path)
    }

    /// Returns the classes of the text features: all, or those listed in the file.
    private func textClasses() throws(Fault) -> [String] {
        guard let path = settings.textClasses else { return classes }
        let names = try Self.names(path)
        let known = Set(classes)
        for name in names where !known.contains(name) {
            throw .badData(
                path, found: "the class '\(name)'", expected: "names among the \(classes.count) classes of the images",
                remedy: "correct the list")
        }
        guard Set(names).count == names.count else {
            throw .badData(path, found: "a name twice", expected: "each class once", remedy: "correct the list")
        }
        return names
    }

    func imageFile(
        _ selection: RowSelection, of source: TensorSource, _ labels: SourceLabels, inputs: [(String, String?)],
        recording extra: [String: String] = [:]
    ) throws(Fault) -> ImportedFile {
        let rows = selection.numbers
        let extents = source.shape
        let shape = FeatureShape(
            count: rows.count, views: extents.count == 3 ? extents[1] : 1, width: extents.last ?? 0,
            type: try storage(of: source.type(), source.path))
        return ImportedFile(
            part: FeatureFile.Kind(selection.part), source: source,
            lines: rows.flatMap { row in row * shape.views ..< (row + 1) * shape.views }, shape: shape,
            content: .items(
                labels: try labels.labels(of: rows, classCount: classes.count), rows: rows,
                ids: rows.map { ids?[$0] ?? String($0) }),
            classes: classes,
            provenance: try provenance(inputs, settings.recorded(shape.type).merging(extra) { $1 }))
    }

    /// Returns the number of items and the width of image features [N×D] or [N×V×D].
    func imageShape(_ source: TensorSource) throws(Fault) -> (count: Int, width: Int) {
        let shape = source.shape
        guard (2 ... 3).contains(shape.count), !shape.contains(0) else {
            throw .badData(
                source.path, found: "image features of the shape \(shape)",
                expected: "[items, width] or [items, views, width] without zeros",
                remedy: "use the file of the features")
        }
        return (shape[0], shape[shape.count - 1])
    }

    /// Describes the file of text features; none, with a note for the user, if `source` is nil.
    func textFile(_ source: TensorSource?, imageWidth: Int, images: String) throws(Fault) -> [ImportedFile] {
        guard let source else {
            // An earlier import may have written the text features.
            if FileKind(at: settings.output.appending(path: FeatureFile.Kind.text.fileName)) == .absent {
                note(
                    "Without \(OptionName("text")) no text.h5 is written; "
                        + "the methods that read text features, such as zero-shot, are left out when training.")
            }
            return []
        }
        let selected = try textClasses()
        let text = try TextImport(source, classCount: selected.count, imageWidth: imageWidth, self)
        return [try text.file(classes: selected, imageWidth: imageWidth, images: images, self)]
    }
}
