public import Core

/// A split with the digest of the file that it is from.
public struct SplitFile: Sendable {
    public let split: Split
    public let input: Input

    static let format = "fewshot-split"
    static let version = 1

    /// Reads a split of ours, or one of CoOp's (`split_zhou_*.json`), told apart by what is in the file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - dataset: whose split CoOp's file is, where its name does not say.
    /// - Throws: `badData` with the byte or the item that is wrong.
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
