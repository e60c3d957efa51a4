public import Core
internal import TensorFiles

/// An import of a cache folder of Tip-Adapter's code, whose few-shot keys become the train features.
public struct TipAdapterImport: Sendable {
    /// The folder of `keys_{K}shots.pt`, `values_{K}shots.pt`, `val_f.pt`, `val_l.pt`, `test_f.pt`, and `test_l.pt`.
    public var folder: String
    /// The number of shots K.
    public var shots: Int
    /// Text features [P×C×D], [C×P×D], or [C×D] in a `.npy` or `.pt` file.
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
        let importer = Importer("fewshot-features import tip-adapter", settings)
        let keys = TensorLocation.torch(folder.appending(path: "keys_\(shots)shots.pt"), isTransposed: true)
        let values = TensorLocation.torch(folder.appending(path: "values_\(shots)shots.pt"))
        let (count, width) = try importer.imageShape(keys)
        let (labels, classCount) = try oneHot(values)
        guard labels.numbers.count == count, count == shots * classCount else {
            throw .badData(
                keys.path, found: "\(count) keys",
                expected: "\(shots) per class for the \(classCount) classes of \(values.path)",
                remedy: "create the cache again")
        }
        try importer.readClasses(count: classCount, from: values.path, atLeast: 1)
        var files = [
            try importer.imageFile(
                RowSelection(part: .train, numbers: Array(0 ..< count)), of: keys, labels,
                inputs: [("keys", keys.path), ("values", values.path), ("classes", settings.classes)],
                recording: ["shots": String(shots)])
        ]
        for part in [Subset.val, .test] { files.append(try evaluationFile(part, keys: keys, width, importer)) }
        let text = text.map { TensorLocation(path: $0) }
        files += try importer.textFile(text, imageWidth: width, images: keys.path)
        return try ImportFolder(settings).write(files, importer, progress)
    }

    private func evaluationFile(
        _ part: Subset, keys: TensorLocation, _ keyWidth: Int, _ importer: Importer
    ) throws(Fault) -> ImportedFile {
        let images = TensorLocation.torch(folder.appending(path: "\(part.rawValue)_f.pt"))
        let (count, width) = try importer.imageShape(images)
        guard width == keyWidth else {
            throw .badData(
                keys.path, found: "keys of width \(keyWidth)", expected: "\(width) as in \(images.path)",
                remedy: "create the cache again with a single model")
        }
        let labels = try SourceLabels(
            .torch(folder.appending(path: "\(part.rawValue)_l.pt")), of: images, count: count,
            remedy: "create the cache again")
        return try importer.imageFile(
            RowSelection(part: part, numbers: Array(0 ..< count)), of: images, labels,
            inputs: [("images", images.path), ("labels", labels.path), ("classes", settings.classes)])
    }

    /// Returns the class of each row of one-hot values [C·K×C].
    private func oneHot(_ location: TensorLocation) throws(Fault) -> (labels: SourceLabels, classCount: Int) {
        try location.withTensor { tensor, _ throws(Fault) in
            guard tensor.shape.count == 2, !tensor.shape.contains(0) else {
                throw Fault.badData(
                    location.path, found: "the shape \(tensor.shape)", expected: "[keys, classes]",
                    remedy: "create the cache again")
            }
            let classCount = tensor.shape[1]
            var row = [Float](repeating: 0, count: classCount)
            var labels: [Int] = []
            for index in 0 ..< tensor.shape[0] {
                tensor.copyFloats(index * classCount ..< (index + 1) * classCount, into: &row)
                guard let label = row.firstIndex(of: 1), row.count(where: { $0 != 0 }) == 1 else {
                    throw Fault.badData(
                        location.path, found: "row \(index) without exactly one nonzero value of 1",
                        expected: "one-hot rows", remedy: "create the cache again")
                }
                labels.append(label)
            }
            return (SourceLabels(labels, path: location.path), classCount)
        }
    }
}
