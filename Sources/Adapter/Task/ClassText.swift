public import Kernels

/// The text features of the prompts of each class.
public struct ClassText: Sendable {
    package let prompts: Matrix  // Unit rows [C·P×D], prompt p of class c at row c·P + p
    /// The zero-shot classifier [C×D]: the mean unit prompt of each class, normalized.
    ///
    /// Prompt ensembling (Radford et al., ICML 2021); with sentences, CuPL combined with templates.
    public let classifier: Matrix
    /// The mean prompt of each class as the encoder gave it [C×D], not normalized: the start of trained texts.
    package let rawMeans: Matrix
    /// Whether the prompts were given as unit rows, without the lengths from the encoder.
    package let isUnit: Bool
    /// The number of classes C.
    public let classCount: Int
    /// The number of prompts per class P.
    public let promptCount: Int
    /// The number of templates, which come first; the other prompts are sentences.
    private let templateCount: Int
    /// σ: the factor of cosine similarities in logits, a property of the model.
    public let logitScale: Float
    /// CLIP's trained logit scale, exp(4.60517).
    public static let defaultLogitScale: Float = 100

    /// Takes features [C·P×D] as the encoder gave them, and the model's logit scale.
    public init(
        features: Matrix, classCount: Int, templateCount: Int? = nil, logitScale: Float = Self.defaultLogitScale
    ) {
        self.logitScale = logitScale
        precondition(classCount > 0 && features.rows % classCount == 0)
        self.classCount = classCount
        promptCount = features.rows / classCount
        self.templateCount = min(promptCount, templateCount ?? promptCount)
        let (unit, norms) = normalizeRows(features)
        prompts = unit
        isUnit = norms.allSatisfy { abs($0 - 1) < 0.01 }
        rawMeans = meanRows(features, groups: classCount, at: Array(0 ..< promptCount))
        classifier = normalizeRows(meanRows(prompts, groups: classCount, at: Array(0 ..< promptCount))).unit
    }

    /// The width D of the features.
    public var width: Int { prompts.columns }

    /// Zero-shot CLIP's logits.
    package var zeroShot: TextTerm { TextTerm(classifier, scale: logitScale) }

    /// ``rawMeans``; prompts that were given as unit rows get the given length.
    func rawMeans(length: Float) -> Matrix {
        var means = rawMeans
        if isUnit { scale(&means, by: length) }
        return means
    }

    /// Cluster-Adapter's 16 text slots, each [C×D] with unit rows.
    ///
    /// The first slots are one template each. The sentences are cut in order into as many groups as slots remain, with
    /// the remainder in the last group; a slot is the mean of its group, normalized. The published code fails in three
    /// cases that this code handles: templates from the 16th on count as sentences; sentences that are fewer than their
    /// slots are repeated in order; without sentences, the templates replace them.
    package func slots() -> [Matrix] {
        let total = 16
        let templates = min(templateCount, total - 1)
        var sentences = Array(templates ..< promptCount)
        if sentences.isEmpty { sentences = Array(0 ..< promptCount) }
        let groups = total - templates
        while sentences.count < groups { sentences += sentences }
        let size = sentences.count / groups
        func mean(_ positions: [Int]) -> Matrix { meanRows(prompts, groups: classCount, at: positions) }
        let means = (0 ..< groups).map { group in
            let end = group == groups - 1 ? sentences.count : (group + 1) * size
            return normalizeRows(mean(Array(sentences[group * size ..< end]))).unit
        }
        return (0 ..< templates).map { mean([$0]) } + means
    }
}

/// The means [G×D] of the rows at `positions` of each of `groups` equal groups of rows.
private func meanRows(_ rows: Matrix, groups: Int, at positions: [Int]) -> Matrix {
    let width = rows.columns
    let size = rows.rows / groups
    var means = Matrix.zeros(groups, width)
    var out = means.mutableSpan
    for group in 0 ..< groups {
        var row = out.row(group, width: width)
        for position in positions { row.add(rows.span.row(group * size + position, width: width)) }
        row.scale(by: 1 / Float(positions.count))
    }
    return means
}
