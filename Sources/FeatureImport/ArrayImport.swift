public import Core
internal import TensorFiles

/// An import of image features, labels, and text features from files of arrays.
///
/// The formats are `.npy`, `.npz`, `.safetensors`, and that of `torch.save`.
///
/// An array is given as `FILE`, or as `FILE:NAME` in a file of several arrays. Without a name, the array is taken whose
/// own name or form tells what it is, such as `features` or `train_labels`.
public struct ArrayImport: Sendable {
    /// The file whose arrays the other properties name; nil if each of them names a file.
    public var file: String?
    /// The image features [N×D] or [N×V×D], or [D×N] as the number of labels tells.
    public var images: String
    /// The labels, by default those in the file of the images: numbers or names of classes [N], or one-hot rows [N×C].
    public var labels: String?
    /// The text features [P×C×D], [C×P×D], [C×D], or [D×C].
    public var text: String?
    /// The names of all rows [N]: an array of texts, a JSON list, or a file with a name per line.
    public var ids: String?
    /// A folder of `train.npy`, `val.npy`, and `test.npy` with row numbers.
    public var rows: String?
    /// The subset of all rows, if ``rows`` is nil.
    public var part: Subset?
    /// The output folder and the recorded settings.
    public var settings: ImportSettings

    /// Creates an import from files or, if `file` is given, from its arrays.
    public init(file: String? = nil, images: String, labels: String? = nil, settings: ImportSettings) {
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
        let importer = try Importer("fewshot-features import \(file == nil ? "npy" : "safetensors")", settings)
        var images = try importer.source(reference(images), .images, part: part)
        let text = try text.map { text throws(Fault) in try importer.source(reference(text), .text) }
        let labelSource = try labelSource(images, importer)
        let labels = try SourceLabels(labelSource, classes: importer.listedClasses)
        images.exchangeAxes(ofItems: labels.numbers.count, text: text, importer)
        var source = ImportedRows(images: images, labels: labels, text: text, inputs: [("images", images.path)])
        // Two arrays of one file are one input.
        if labels.path != images.path { source.inputs.append(("labels", labels.path)) }
        source.labelName = labelSource.name
        if let ids {
            importer.ids = try RowNames.read(ids, count: images.shape.first ?? 0, images: images.path)
            source.idsPath = ArrayReference(ids).path
        }
        return try write(&source, importer, progress)
    }

    /// Divides the rows of `source` among the subsets, and writes the feature folder.
    func write(
        _ source: inout ImportedRows, _ importer: Importer, _ progress: Progress
    ) throws(Fault) -> ImportOutcome {
        let images = source.images
        let (count, width) = try importer.imageShape(images)
        try source.labels.require(count, of: images.path, remedy: "use the labels of these features")
        let selections = try selections(count: count, source: images.path)
        note(missing: selections, importer)
        let used = selections.flatMap(\.numbers).map { source.labels.numbers[$0] }
        if try importer.readClasses(of: used, source.labels, text: source.text, width: width) {
            source.labels.countFromZero()
        }
        let names = [("images", images.name), ("labels", source.labelName)].filter { !$0.1.isEmpty }
        var files: [ImportedFile] = []
        for selection in selections {
            let own = [("classes", settings.classes), ("rows", selection.path), ("ids", source.idsPath)]
            files.append(
                try importer.imageFile(
                    selection, of: images, source.labels, inputs: source.inputs + own,
                    recording: Dictionary(uniqueKeysWithValues: names)))
        }
        files += try importer.textFile(source.text, imageWidth: width, images: images.path)
        return try ImportFolder(settings).write(files, importer, progress)
    }

    private func reference(_ text: String) -> ArrayReference {
        file.map { ArrayReference(path: $0, name: text) } ?? ArrayReference(text)
    }

    /// The array of labels: the given one, or the one in the file of the images.
    private func labelSource(_ images: TensorSource, _ importer: Importer) throws(Fault) -> TensorSource {
        if let labels { return try importer.source(reference(labels), .labels, part: part) }
        guard images.isOneOfSeveral else {
            throw Fault(
                .usage, option: "labels", found: "no labels, and a single array in \(images.path)",
                expected: "a file of labels", remedy: "give it")
        }
        let prefix = reference(self.images).name.flatMap { $0 == images.name ? nil : $0 }
        return try importer.source(ArrayReference(path: images.path, name: prefix), .labels, part: part)
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

    private func note(missing selections: [RowSelection], _ importer: Importer) {
        for part in Subset.allCases where rows != nil && !selections.contains(where: { $0.part == part }) {
            importer.note(missing: part, because: "there are no row numbers in \(part.rawValue).npy")
        }
    }
}

/// The rows to divide among the subsets, and what is recorded of their files.
struct ImportedRows {
    let images: TensorSource
    var labels: SourceLabels
    let text: TensorSource?
    /// The files, by role.
    var inputs: [(String, String?)]
    /// The name of the labels in their file; empty if they have none.
    var labelName = ""
    /// The file of the rows' names.
    var idsPath: String?
}

extension TensorSource {
    /// Reads a matrix [width×items] with its axes exchanged if only its second axis has as many entries as items.
    ///
    /// If there are text features, one of their axes must have the width.
    mutating func exchangeAxes(ofItems count: Int, text: TensorSource?, _ importer: Importer) {
        guard shape.count == 2, shape[0] != count, shape[1] == count, text?.shape.contains(shape[0]) != false else {
            return
        }
        importer.note("\(title) is [width, items] \(shape), with an item per column; it is read transposed.")
        isTransposed = true
    }
}
