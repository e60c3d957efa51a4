public import Kernels

/// Text features of the classes' prompts.
public struct ClassText: Sendable {
    /// Unit rows [C·P×D], prompt p of class c at row c·P + p.
    public let prompts: Matrix
    /// The zero-shot classifier [C×D]: each class's mean unit prompt, normalised.
    ///
    /// Radford et al., ICML 2021 (prompt ensembling); with sentences it is CuPL with templates.
    public let classifier: Matrix
    /// The mean prompt of each class as the encoder gave it [C×D], not normalised: where tuned texts start.
    public let rawMeans: Matrix
    /// Whether the prompts came as unit rows: the lengths that the encoder gave them are lost.
    public let isUnit: Bool
    public let classCount: Int
    /// P.
    public let promptCount: Int
    /// How many of the prompts, the first ones, are templates; the rest are sentences.
    public let templateCount: Int

    /// Takes features [C·P×D] as the encoder gave them; rows are normalised here.
    public init(features: Matrix, classCount: Int, templateCount: Int? = nil) {
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

    public var width: Int { prompts.columns }

    /// ``rawMeans``; where prompts came as unit rows, as if each had the given length.
    func rawMeans(length: Float) -> Matrix {
        var means = rawMeans
        if isUnit { scale(&means, by: length) }
        return means
    }

    /// The means [C×D] of the unit prompts at `positions`, not normalised.
    func mean(_ positions: [Int]) -> Matrix { meanRows(prompts, groups: classCount, at: positions) }

    /// Cluster-Adapter's 16 text slots, each [C×D] with unit rows.
    ///
    /// The templates come first, one a slot; the sentences are cut in order into as many groups as slots remain, the
    /// last taking the remainder, and a slot is its group's mean, normalised. Where the published code fails, this does
    /// not: of 16 or more templates those from the 16th on count as sentences; with fewer sentences than slots they are
    /// repeated in order; with none the templates stand in for them.
    public func slots() -> [Matrix] {
        let total = 16
        let templates = min(templateCount, total - 1)
        var sentences = Array(templates ..< promptCount)
        if sentences.isEmpty { sentences = Array(0 ..< promptCount) }
        let groups = total - templates
        while sentences.count < groups { sentences += sentences }
        let size = sentences.count / groups
        let firsts = (0 ..< templates).map { mean([$0]) }
        let means = (0 ..< groups).map { group in
            let end = group == groups - 1 ? sentences.count : (group + 1) * size
            return normalizeRows(mean(Array(sentences[group * size ..< end]))).unit
        }
        return firsts + means
    }
}

/// The means [G×D] of the rows at `positions` of each of `groups` equal groups of rows.
private func meanRows(_ rows: Matrix, groups: Int, at positions: [Int]) -> Matrix {
    let (width, size) = (rows.columns, rows.rows / groups)
    var means = Matrix.zeros(groups, width)
    var out = means.mutableSpan
    for group in 0 ..< groups {
        var row = out.row(group, width: width)
        for position in positions { row.add(rows.span.row(group * size + position, width: width)) }
        row.scale(by: 1 / Float(positions.count))
    }
    return means
}
