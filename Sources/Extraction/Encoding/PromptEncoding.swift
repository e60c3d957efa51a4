internal import CLIP
internal import Core
internal import FeatureStore
internal import Kernels

/// Makes the rows of a batch of prompts on the thread that asks.
final class PromptEncoding: Sendable {
    private let text: PlannedText
    private let encoder: TextEncoder
    private let type: FeatureType
    /// Places of texts [batches].
    let batches: [[Int]]

    /// Prompts that are encoded together.
    private static let size = 64

    /// Batches of the texts at `missing`.
    init(_ text: PlannedText, _ encoder: TextEncoder, type: FeatureType, missing: [Int]) {
        (self.text, self.encoder, self.type) = (text, encoder, type)
        batches = stride(from: 0, to: missing.count, by: Self.size).map {
            Array(missing[$0 ..< min($0 + Self.size, missing.count)])
        }
    }

    /// Prompts in all.
    var count: Int { count(ofBatches: batches.count) }

    /// Prompts in the first `count` batches.
    func count(ofBatches count: Int) -> Int { batches.prefix(count).reduce(0) { $0 + $1.count } }

    func rows(ofBatch index: Int) throws(Fault) -> [RowRun] {
        let tokens = batches[index].map { text.tokens[$0] }
        let result = Parallel.onOneThread { () -> Result<Matrix, Fault> in
            do throws(Fault) { return .success(try encoder.encode(tokens: tokens)) } catch { return .failure(error) }
        }
        let features = try result.get()
        return batches[index].enumerated().map { row, place in
            let values = features.elements.span.extracting(row * features.columns ..< (row + 1) * features.columns)
            return RowRun(start: place, bytes: narrow(values, to: type))
        }
    }
}
