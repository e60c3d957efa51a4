public import Core

/// A split and the file that it was read from.
public struct SplitFile: Sendable {
    /// The split.
    public let split: Split
    /// The file's name and SHA-256.
    public let input: Input

    static let format = "fewshot-split"
    static let version = 1

    /// Reads a split of this project or of CoOp (`split_zhou_*.json`); the content decides which.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - dataset: the data set of a CoOp split file whose name does not identify it.
    /// - Throws: `badData` with the position of the invalid byte or item.
    public init(path: String, dataset: String? = nil) throws(Fault) {
        let file = try MappedFile(path: path)
        input = Input(role: "split", name: lastComponent(of: path), digest: Digest(of: file.bytes))
        var reader = SplitReader(path: path, byteCount: file.byteCount)
        try JSONWalk.walk(file, expected: SplitReader.expected) { event throws(Fault) in
            try reader.handle(event)
        }
        split = try reader.split(dataset: dataset, input: input)
    }
}
