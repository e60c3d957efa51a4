public import Core
public import Kernels

/// The text tower of a CLIP: prompts' tokens to features, as they come out, not normalised.
public final class TextEncoder: Sendable {
    /// Tokens that a prompt has at most.
    public let contextLength: Int
    public let vocabularySize: Int
    /// D, the width of the features.
    public let width: Int
    public let precision: Precision
    private let tower: TextTransformer

    /// Prepares the text tower for this processor.
    ///
    /// - Throws: `configuration` if the processor has no products in `precision`, `badData` for damaged weights.
    public init(_ weights: ModelWeights, precision: Precision = .fastest) throws(Fault) {
        let architecture = weights.architecture
        tower = try TextTransformer(architecture.text, LayerLoading(weights, precision))
        contextLength = architecture.text.contextLength
        vocabularySize = architecture.text.vocabularySize
        width = architecture.embeddingWidth
        self.precision = precision
    }

    /// The features [prompts×D] of tokenised prompts, with or without zeros after their end.
    ///
    /// A prompt ends at its largest token, where OpenAI's towers read their result. The bits of its features depend on
    /// its tokens alone.
    ///
    /// - Throws: `badData` for a prompt that is empty, too long, or has tokens that this model does not know.
    public func encode(tokens: [[Int32]]) throws(Fault) -> Matrix {
        var prompts: [ArraySlice<Int32>] = []
        for (index, prompt) in tokens.enumerated() { prompts.append(try cut(prompt, index)) }
        let (width, tower, blocks) = (width, tower, Self.blocks(prompts))
        let all = prompts
        return Matrix.filled(prompts.count, width) { features in
            let shared = SharedSpan(&features)
            Parallel.forEach(blocks.count) { index in
                let block = blocks[index]
                // Blocks are disjoint.
                var to = unsafe shared.piece(block.lowerBound * width ..< block.upperBound * width)
                LayerThread.with { tower.encode(all[block], into: &to, $0) }
            }
        }
    }

    /// The prompt up to its end.
    private func cut(_ prompt: [Int32], _ index: Int) throws(Fault) -> ArraySlice<Int32> {
        guard let largest = prompt.max(), let end = prompt.firstIndex(of: largest) else {
            throw .badData("prompt \(index + 1)", found: "no tokens", expected: "at least a start and an end")
        }
        guard end < contextLength else {
            throw .badData(
                "prompt \(index + 1)", found: "an end at token \(end + 1)", expected: "at most \(contextLength) tokens",
                remedy: "shorten it")
        }
        guard largest < vocabularySize, prompt[...end].allSatisfy({ $0 >= 0 }) else {
            throw .badData(
                "prompt \(index + 1)", found: "the token \(largest < vocabularySize ? prompt.min() ?? 0 : largest)",
                expected: "tokens of 0 to \(vocabularySize - 1)", remedy: "tokenise with this model's vocabulary")
        }
        return prompt[...end]
    }

    /// Runs of prompts of about equal work.
    private static func blocks(_ prompts: [ArraySlice<Int32>]) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        var (first, count) = (0, 0)
        for (index, prompt) in prompts.enumerated() {
            let isFull =
                count + prompt.count > TextTransformer.maximumTokens || index - first == TextTransformer.maximumPrompts
            if isFull, index > first {
                blocks.append(first ..< index)
                (first, count) = (index, 0)
            }
            count += prompt.count
        }
        if first < prompts.count { blocks.append(first ..< prompts.count) }
        return blocks
    }
}
