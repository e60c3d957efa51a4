public import Core
internal import TensorFiles

/// An import of a cache folder of Tip-Adapter's code, whose few-shot keys become the train features.
///
/// Other codes write the same files: APE, GDA, TIMO, LP++ and Cluster-Adapter.
public struct TipAdapterImport: Sendable {
    /// The folder of `keys_{K}shots.pt`, `values_{K}shots.pt`, and `val_f.pt` with `val_l.pt`, likewise for test.
    public var folder: String
    /// The number of shots K.
    public var shots: Int
    /// Text features [P×C×D], [C×P×D], [C×D], or [D×C], given like those of an ``ArrayImport``.
    public var text: String?
    /// The output folder and the recorded settings.
    public var settings: ImportSettings

    /// Creates an import of the keys of `shots` shots.
    public init(folder: String, shots: Int, settings: ImportSettings) {
        self.folder = folder
        self.shots = shots
        self.settings = settings
    }

    /// Writes the feature folder, or reuses files that were made from the same inputs.
    ///
    /// - Throws: `badData` or `noInput` for an unusable cache, such as keys of another width than the images;
    ///   `cannotCreate` if the folder has features from other inputs. Existing files are unchanged then.
    public func run(progress: Progress = { _, _ in }) throws(Fault) -> ImportOutcome {
        let importer = try Importer("fewshot-features import tip-adapter", settings)
        let (keys, values) = try keysAndValues(importer)
        let (count, width) = try importer.imageShape(keys)
        let (labels, classCount) = try oneHot(values)
        guard labels.numbers.count == count, count == shots * classCount else {
            throw .badData(
                keys.path, found: "\(count) keys",
                expected: "\(shots) per class for the \(classCount) classes of \(values.path)",
                remedy: "create the cache again")
        }
        importer.classes = importer.listedClasses ?? (0 ..< classCount).map(String.init)
        guard importer.classes.count == classCount else {
            throw .badData(
                settings.classes ?? "", found: "\(importer.classes.count) class names",
                expected: "\(classCount) as in \(values.path)", remedy: "use the class names of these features")
        }
        var files = [
            try importer.imageFile(
                RowSelection(part: .train, numbers: Array(0 ..< count)), of: keys, labels,
                inputs: [("keys", keys.path), ("values", values.path), ("classes", settings.classes)],
                recording: ["shots": String(shots)])
        ]
        for part in [Subset.val, .test] { files += try evaluationFile(part, keys: keys, width, importer) }
        let text = try text.map { text throws(Fault) in try importer.source(ArrayReference(text), .text) }
        files += try importer.textFile(text, imageWidth: width, images: keys.path)
        return try ImportFolder(settings).write(files, importer, progress)
    }

    private func array(_ name: String, _ role: ArrayRole) throws(Fault) -> TensorSource {
        try TensorSource(ArrayReference(path: folder.appending(path: name), name: nil), role)
    }

    /// The keys [D×C·K], which few codes write as [C·K×D], and their one-hot values.
    private func keysAndValues(_ importer: Importer) throws(Fault) -> (keys: TensorSource, values: TensorSource) {
        var keys = try array("keys_\(shots)shots.pt", .images)
        let values = try array("values_\(shots)shots.pt", .labels)
        guard keys.shape.count == 2 else {
            throw .badData(
                keys.path, found: "a tensor of the shape \(keys.shape)", expected: "two axes",
                remedy: "use another file")
        }
        keys.isTransposed = true
        if let count = values.shape.first, keys.shape[0] != count, keys.shape[1] == count {
            keys.isTransposed = false
            importer.note("\(keys.path) is [keys, width] \(keys.shape), with a key per row.")
        }
        return (keys, values)
    }

    /// Describes the file of val or test; none, with a note, if the cache has no files of it.
    private func evaluationFile(
        _ part: Subset, keys: TensorSource, _ keyWidth: Int, _ importer: Importer
    ) throws(Fault) -> [ImportedFile] {
        let names = ["\(part.rawValue)_f.pt", "\(part.rawValue)_l.pt"]
        guard names.contains(where: { FileKind(at: folder.appending(path: $0)) != .absent }) else {
            importer.note(missing: part, because: "\(folder) has neither \(names[0]) nor \(names[1])")
            return []
        }
        let images = try array(names[0], .images)
        let (count, width) = try importer.imageShape(images)
        guard width == keyWidth else {
            throw .badData(
                keys.path, found: "keys of width \(keyWidth)", expected: "\(width) as in \(images.path)",
                remedy: "create the cache again with a single model")
        }
        let labels = try SourceLabels(array(names[1], .labels))
        try labels.require(count, of: images.path, remedy: "create the cache again")
        return [
            try importer.imageFile(
                RowSelection(part: part, numbers: Array(0 ..< count)), of: images, labels,
                inputs: [("images", images.path), ("labels", labels.path), ("classes", settings.classes)])
        ]
    }

    /// Returns the class of each row of one-hot values [C·K×C].
    private func oneHot(_ values: TensorSource) throws(Fault) -> (labels: SourceLabels, classCount: Int) {
        func unusable(_ found: String, _ expected: String) -> Fault {
            .badData(values.path, found: found, expected: expected, remedy: "create the cache again")
        }
        guard values.shape.count == 2, !values.shape.contains(0) else {
            throw unusable("the shape \(values.shape)", "[keys, classes]")
        }
        let (labels, invalidRow) = try SourceLabels.oneHot(values)
        if let row = invalidRow { throw unusable("row \(row) without exactly one nonzero value of 1", "one-hot rows") }
        return (SourceLabels(labels, path: values.path), values.shape[1])
    }
}
