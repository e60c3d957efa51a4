public import Core
internal import TensorFiles

/// Imports a cache folder of Tip-Adapter's code: its few-shot keys become the train part.
public struct TipAdapterImport: Sendable {
    /// The folder of `keys_{K}shots.pt`, `values_{K}shots.pt`, `val_f.pt`, `val_l.pt`, `test_f.pt` and `test_l.pt`.
    public var folder: String
    /// K.
    public var shots: Int
    /// Text features [P×C×D], [C×P×D] or [C×D] in a `.npy` or `.pt` file.
    public var text: String?
    public var settings: ImportSettings

    public init(folder: String, shots: Int, settings: ImportSettings) {
        self.folder = folder
        self.shots = shots
        self.settings = settings
    }

    /// Writes the feature folder, or finds that it is there already.
    ///
    /// - Parameter progress: takes rows done and rows in all; what it throws ends the work.
    /// - Returns: the files that are there now.
    /// - Throws: `badData` or `noInput` for a cache that cannot be used, such as keys of another width than the images;
    ///   `cannotCreate` if features made otherwise are in the way. What was there is unchanged then.
    public func run(progress: Progress = { _, _ in }) throws(Fault) -> ImportOutcome {
        let importer = Importer("fewshot-features import tip-adapter", settings)
        let keys = TensorLocation.torch("\(folder)/keys_\(shots)shots.pt", isTransposed: true)
        let values = TensorLocation.torch("\(folder)/values_\(shots)shots.pt")
        let (count, width) = try importer.imageShape(keys)
        let (labels, classCount) = try oneHot(values)
        guard labels.count == count, count == shots * classCount else {
            throw .badData(
                keys.path, found: "\(count) keys",
                expected: "\(shots) for each of the \(classCount) classes of \(values.path)",
                remedy: "make the cache again")
        }
        let classes = try importer.classNames(count: classCount, from: values.path, atLeast: 1)
        var files = [
            try importer.planned(
                .train, keys, rows: Array(0 ..< count), labels: labels, classes: classes,
                inputs: [("keys", keys.path), ("values", values.path), ("classes", settings.classes)],
                extra: ["shots": String(shots)])
        ]
        for part in [Subset.val, .test] {
            files.append(try planned(part, keys: keys.path, keyWidth: width, classes: classes, importer))
        }
        if let text {
            let named = try importer.textClasses(among: classes)
            let plan = try TextPlan(TensorLocation(path: text), classCount: named.count, settings: settings)
            files.append(try plan.planned(classes: named, imageWidth: width, images: keys.path, importer))
        } else {
            importer.noteMissingText()
        }
        return try ImportFolder(path: settings.output, replaces: settings.replaces).make(files, importer, progress)
    }

    private func planned(
        _ part: Subset, keys: String, keyWidth: Int, classes: [String], _ importer: Importer
    ) throws(Fault) -> PlannedFile {
        let images = TensorLocation.torch("\(folder)/\(part.rawValue)_f.pt")
        let labelFile = "\(folder)/\(part.rawValue)_l.pt"
        let (count, width) = try importer.imageShape(images)
        guard width == keyWidth else {
            throw .badData(
                keys, found: "keys \(keyWidth) wide", expected: "\(width) as in \(images.path)",
                remedy: "they are of different models: make the cache again with one of them")
        }
        let numbers = try TensorLocation.torch(labelFile).numbers()
        guard numbers.count == count else {
            throw .badData(
                labelFile, found: "\(numbers.count) labels", expected: "\(count), one for each row of \(images.path)",
                remedy: "make the cache again")
        }
        let labels = try importer.labels(numbers, of: Array(0 ..< count), classCount: classes.count, path: labelFile)
        return try importer.planned(
            part, images, rows: Array(0 ..< count), labels: labels, classes: classes,
            inputs: [("images", images.path), ("labels", labelFile), ("classes", settings.classes)])
    }

    /// The class of each row of one-hot values [C·K×C].
    private func oneHot(_ location: TensorLocation) throws(Fault) -> (labels: [Int32], classCount: Int) {
        try location.withTensor { tensor, _ throws(Fault) in
            guard tensor.shape.count == 2, !tensor.shape.contains(0) else {
                throw Fault.badData(
                    location.path, found: "the shape \(tensor.shape)", expected: "[keys, classes]",
                    remedy: "make the cache again")
            }
            let classCount = tensor.shape[1]
            var row = [Float](repeating: 0, count: classCount)
            var labels: [Int32] = []
            for index in 0 ..< tensor.shape[0] {
                tensor.copyFloats(index * classCount ..< (index + 1) * classCount, into: &row)
                guard let label = row.firstIndex(of: 1), row.count(where: { $0 != 0 }) == 1 else {
                    throw Fault.badData(
                        location.path, found: "row \(index) with something else than a single 1",
                        expected: "one-hot rows",
                        remedy: "make the cache again")
                }
                labels.append(Int32(label))
            }
            return (labels, classCount)
        }
    }
}
