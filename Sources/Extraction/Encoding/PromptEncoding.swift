internal import CLIP
internal import Core
internal import FeatureStore
internal import Kernels

/// Encodes batches of prompts, each on the calling thread.
final class PromptEncoding: Sendable {
    private let text: PlannedText
    private let encoder: TextEncoder
    private let type: FeatureType
    /// Indices of the texts of each batch.
    let batches: [[Int]]

    /// The number of prompts per batch.
    private static let size = 64

    /// Batches of the texts at `missing`.
    init(_ text: PlannedText, _ encoder: TextEncoder, type: FeatureType, missing: [Int]) {
        self.text = text
        self.encoder = encoder
        self.type = type
        batches = stride(from: 0, to: missing.count, by: Self.size).map {
            Array(missing[$0 ..< min($0 + Self.size, missing.count)])
        }
    }

    /// The total number of prompts.
    var count: Int { count(ofBatches: batches.count) }

    /// The number of prompts in the first `count` batches.
    func count(ofBatches count: Int) -> Int { batches.prefix(count).reduce(0) { $0 + $1.count } }

    /// Computes the rows of batch `index`.
    func rows(ofBatch index: Int) throws(Fault) -> [RowRun] {
        let tokens = batches[index].map { text.tokens[$0] }
        let result = Parallel.onOneThread { () -> Result<Matrix, Fault> in
            do throws(Fault) { return .success(try encoder.encode(tokens: tokens)) } catch { return .failure(error) }
        }
        let features = try result.get()
        return batches[index].enumerated().map { row, place in
            let values = features.elements.span.extracting(row * features.columns ..< (row + 1) * features.columns)
            return (start: place, bytes: narrow(values, to: type))
        }
    }
}
