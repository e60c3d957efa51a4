public import Core
public import Kernels

/// The text tower of a model: prompts' token ids to raw features, not normalized.
public final class TextEncoder: Sendable {
    /// The maximum number of tokens in a prompt.
    public let contextLength: Int
    /// The number of tokens that the tower embeds.
    public let vocabularySize: Int
    /// The width D of the features.
    public let width: Int
    /// The arithmetic of the tower.
    public let precision: Precision
    private let tower: any TextTower

    /// Packs the weights of the text tower for this processor.
    ///
    /// - Throws: `configuration` if the processor has no products in `precision`, `badData` for damaged weights or a
    ///   model without
    ///   a text tower.
    public init(_ model: CLIPModel, precision: Precision = .fastest) throws(Fault) {
        guard let text = model.architecture.text else {
            throw .badData(model.path, found: "no text tower", expected: "a model that encodes prompts")
        }
        tower = try text.tower(LayerLoader(model.weights, precision))
        contextLength = text.contextLength
        vocabularySize = text.vocabularySize
        width = model.architecture.embeddingWidth
        self.precision = precision
    }

    /// Returns the features [prompts×D] of tokenized prompts, with or without their padding.
    ///
    /// The bits of a prompt's features depend on its tokens alone.
    ///
    /// - Throws: `badData` for a prompt that is empty, too long, or has tokens that the model does not embed.
    public func encode(tokens: [[Int32]]) throws(Fault) -> Matrix {
        var prompts: [ArraySlice<Int32>] = []
        for (index, prompt) in tokens.enumerated() { prompts.append(try checked(prompt, index)) }
        let all = prompts
        let batches = batches(of: prompts)
        let width = width
        let tower = tower
        return Matrix.filled(prompts.count, width) { features in
            let shared = SharedSpan(&features)
            Parallel.forEach(batches.count) { index in
                let batch = batches[index]
                // Batches are disjoint.
                var to = unsafe shared.piece(batch.lowerBound * width ..< batch.upperBound * width)
                LayerThread.with { tower.encode(all[batch], into: &to, $0) }
            }
        }
    }

    /// The tokens of prompt `index` that the tower reads.
    private func checked(_ tokens: [Int32], _ index: Int) throws(Fault) -> ArraySlice<Int32> {
        let subject = "prompt \(index + 1)"
        guard let prompt = tower.prompt(tokens), let largest = prompt.max(), let smallest = prompt.min() else {
            throw .badData(subject, found: "no tokens", expected: "at least a start and an end")
        }
        guard prompt.count <= contextLength else {
            throw .badData(
                subject, found: "\(prompt.count) tokens", expected: "at most \(contextLength) tokens",
                remedy: "shorten it")
        }
        guard largest < vocabularySize, smallest >= 0 else {
            throw .badData(
                subject, found: "the token \(largest < vocabularySize ? smallest : largest)",
                expected: "tokens of 0 to \(vocabularySize - 1)", remedy: "tokenize with this model's vocabulary")
        }
        return prompt
    }

    /// Consecutive prompts of about equal work.
    private func batches(of prompts: [ArraySlice<Int32>]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var first = 0
        var count = 0
        for (index, prompt) in prompts.enumerated() {
            let isFull = count + prompt.count > tower.maximumTokens || index - first == tower.maximumPrompts
            if isFull, index > first {
                batches.append(first ..< index)
                first = index
                count = 0
            }
            count += prompt.count
        }
        if first < prompts.count { batches.append(first ..< prompts.count) }
        return batches
    }
}
