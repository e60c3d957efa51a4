public import Core

/// Imports image features, labels and text features from `.npy` files.
public struct NpyImport: Sendable {
    /// Image features [N×D] or [N×V×D].
    public var images: String
    /// Labels [N].
    public var labels: String
    /// Text features [P×C×D], [C×P×D] or [C×D].
    public var text: String?
    /// A folder of `train.npy`, `val.npy` and `test.npy` with row numbers.
    public var rows: String?
    /// The part that all rows become, where there are no row numbers.
    public var part: Subset?
    public var settings: ImportSettings

    public init(images: String, labels: String, settings: ImportSettings) {
        self.images = images
        self.labels = labels
        self.settings = settings
    }

    /// Writes the feature folder, or finds that it is there already.
    ///
    /// - Parameter progress: takes rows done and rows in all; what it throws ends the work.
    /// - Returns: the files that are there now.
    /// - Throws: `badData` or `noInput` for a source that cannot be used, `cannotCreate` if features made otherwise are
    ///   in the way, `usage` if neither rows nor a part are given. What was there is unchanged then.
    public func run(progress: Progress = { _, _ in }) throws(Fault) -> ImportOutcome {
        let importer = Importer("fewshot-features import npy", settings)
        let division = try ArrayImport.Division(rows: rows, part: part)
        return try ArrayImport(
            images: TensorLocation(path: images), labels: TensorLocation(path: labels),
            text: text.map { TensorLocation(path: $0) }, division: division, extra: [:]
        ).run(importer, progress)
    }
}

extension ArrayImport.Division {
    /// The division that a user has asked for by one of two options.
    init(rows: String?, part: Subset?) throws(Fault) {
        switch (rows, part) {
        case (let rows?, nil): self = .rows(rows)
        case (nil, let part?): self = .part(part)
        default:
            throw Fault(
                .usage, option: "rows", found: rows == nil ? "neither it nor a part" : "it and a part",
                expected: "one of them",
                remedy: "give a folder of row numbers, or \(option: "part") with train, val or test")
        }
    }
}
