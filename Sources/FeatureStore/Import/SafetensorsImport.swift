public import Core

/// Imports image features, labels and text features from one `.safetensors` file.
public struct SafetensorsImport: Sendable {
    public var file: String
    /// The tensor of image features [N×D] or [N×V×D].
    public var images: String
    /// The tensor of labels [N].
    public var labels: String
    /// The tensor of text features [P×C×D], [C×P×D] or [C×D].
    public var text: String?
    /// A folder of `train.npy`, `val.npy` and `test.npy` with row numbers.
    public var rows: String?
    /// The part that all rows become, where there are no row numbers.
    public var part: Subset?
    public var settings: ImportSettings

    public init(file: String, images: String, labels: String, settings: ImportSettings) {
        self.file = file
        self.images = images
        self.labels = labels
        self.settings = settings
    }

    /// Writes the feature folder, or finds that it is there already.
    ///
    /// - Parameter progress: takes rows done and rows in all; what it throws ends the work.
    /// - Returns: the files that are there now.
    /// - Throws: as ``NpyImport/run(progress:)``.
    public func run(progress: Progress = { _, _ in }) throws(Fault) -> ImportOutcome {
        let importer = Importer("fewshot-features import safetensors", settings)
        let division = try ArrayImport.Division(rows: rows, part: part)
        return try ArrayImport(
            images: .safetensors(file, name: images), labels: .safetensors(file, name: labels),
            text: text.map { .safetensors(file, name: $0) }, division: division,
            extra: ["images": images, "labels": labels]
        ).run(importer, progress)
    }
}
