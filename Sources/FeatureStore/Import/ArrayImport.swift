public import Core
internal import TensorFiles

/// An import of image features, labels, and text features from `.npy` files or from one `.safetensors` file.
public struct ArrayImport: Sendable {
    /// The `.safetensors` file; nil if each array is a `.npy` file.
    public var file: String?
    /// The image features [N×D] or [N×V×D]: a `.npy` file, or the name of a tensor in ``file``.
    public var images: String
    /// The labels [N], like ``images``.
    public var labels: String
    /// The text features [P×C×D], [C×P×D], or [C×D], like ``images``.
    public var text: String?
    /// A folder of `train.npy`, `val.npy`, and `test.npy` with row numbers.
    public var rows: String?
    /// The subset of all rows, if ``rows`` is nil.
    public var part: Subset?
    /// The output folder and the recorded settings.
    public var settings: ImportSettings

    /// Creates an import from `.npy` files or, if `file` is given, from its tensors.
    public init(file: String? = nil, images: String, labels: String, settings: ImportSettings) {
        self.file = file
        self.images = images
        self.labels = labels
        self.settings = settings
    }

    /// Writes the feature folder, or reuses files that were made from the same inputs.
    ///
    /// - Throws: `badData` or `noInput` for an unusable source, `cannotCreate` if the folder has features from other
    ///   inputs, `usage` unless either rows or a part are given. Existing files are unchanged then.
    public func run(progress: Progress = { _, _ in }) throws(Fault) -> ImportOutcome {
        let importer = Importer("fewshot-features import \(file == nil ? "npy" : "safetensors")", settings)
        let images = location(images)
        let text = text.map(location)
        let (count, width) = try importer.imageShape(images)
        let labels = try SourceLabels(
            location(labels), of: images, count: count, remedy: "use the labels of these features")
        let selections = try selections(count: count, source: images.path)
        for part in Subset.allCases where rows != nil && !selections.contains(where: { $0.part == part }) {
            importer.note("\(part.rawValue).h5 is not written: there are no row numbers in \(part.rawValue).npy.")
        }
        let largest = selections.flatMap(\.numbers).map { labels.numbers[$0] }.max() ?? 0
        guard largest < 1 << 20 else {
            throw .badData(labels.path, found: "the label \(largest)", expected: "class indices from 0 on")
        }
        try importer.readClasses(count: classCount(of: text), from: text?.path ?? "", atLeast: max(largest + 1, 1))
        let tensors = file == nil ? [:] : ["images": self.images, "labels": self.labels]
        var files = try selections.map { selection throws(Fault) in
            try importer.imageFile(selection, of: images, labels, inputs: inputs(selection), recording: tensors)
        }
        files += try importer.textFile(text, imageWidth: width, images: images.path)
        return try ImportFolder(settings).write(files, importer, progress)
    }

    private func location(_ name: String) -> TensorLocation {
        file.map { .safetensors($0, name: name) } ?? TensorLocation(path: name)
    }

    private func selections(count: Int, source: String) throws(Fault) -> [RowSelection] {
        switch (rows, part) {
        case (let rows?, nil): return try RowSelection.read(rows, count: count, source: source)
        case (nil, let part?): return [RowSelection(part: part, numbers: Array(0 ..< count))]
        default:
            throw Fault(
                .usage, option: "rows", found: rows == nil ? "neither it nor a part" : "it and a part",
                expected: "one of them",
                remedy: "give a folder of row numbers, or \(option: "part") with train, val or test")
        }
    }

    /// The number of classes, if the shape of the text features determines it.
    private func classCount(of text: TensorLocation?) throws(Fault) -> Int? {
        guard let shape = try text?.description().shape, shape.count == 2 else { return nil }
        return shape[0]
    }

    private func inputs(_ selection: RowSelection) -> [(role: String, path: String?)] {
        var inputs: [(role: String, path: String?)] = [("images", location(images).path)]
        // Two tensors of one file are one input.
        if file == nil, labels != images { inputs.append(("labels", labels)) }
        inputs.append(("classes", settings.classes))
        inputs.append(("rows", selection.path))
        return inputs
    }
}
