public import Adapter
public import Core
internal import Kernels

/// The accuracy of a classifier on a subset, in percent.
public struct Scores: Codable, Sendable, Equatable {
    /// The share of items whose highest logit is their label's.
    public var accuracy: Double
    /// The share of items whose label is among the five highest logits.
    public var top5: Double
    /// The mean over classes of the accuracy within each class.
    public var mean_per_class: Double
    /// The number of items.
    public var items: Int
}

/// The accuracy of a classifier on each class, and its confusions: `classes.json` of a run.
public struct ClassScores: Codable, Sendable, Equatable {
    /// The names of the classes.
    public var classes: [String]
    /// The number of items per class.
    public var count: [Int]
    /// The number of correctly classified items per class.
    public var right: [Int]
    /// Label, predicted class and number of items of each confusion, the most frequent first.
    public var confusions: [[Int]]
}

extension TestSet {
    /// Computes the scores of `classifier`, reading the subset once.
    public func scores(_ classifier: Classifier) throws(Fault) -> Scores {
        try classScores(classifier, classes: []).scores
    }

    /// Computes the scores of `classifier` overall and per class.
    func classScores(
        _ classifier: Classifier, classes: [String]
    ) throws(Fault) -> (scores: Scores, classes: ClassScores) {
        var close = 0
        var rightOfClass = [Int](repeating: 0, count: classifier.classCount)
        var countOfClass = rightOfClass
        var taken: [[Int]: Int] = [:]
        let labels = labels
        try forEachLogits(classifier) { block, logits in
            for (row, item) in block.enumerated() {
                let label = labels[item]
                let own = logits[row, label]
                // The first of several equal logits wins.
                let above = (0 ..< logits.columns).reduce(0) {
                    $0 + (logits[row, $1] > own || (logits[row, $1] == own && $1 < label) ? 1 : 0)
                }
                countOfClass[label] += 1
                if above == 0 {
                    rightOfClass[label] += 1
                } else {
                    let row = (0 ..< logits.columns).map { logits[row, $0] }
                    taken[[label, row.firstIndex(of: row.max() ?? own) ?? label], default: 0] += 1
                }
                if above < 5 { close += 1 }
            }
        }
        let shares = zip(rightOfClass, countOfClass).filter { $0.1 > 0 }.map { percent($0.0, of: $0.1) }
        let scores = Scores(
            accuracy: percent(rightOfClass.reduce(0, +), of: count), top5: percent(close, of: count),
            mean_per_class: shares.reduce(0, +) / Double(max(1, shares.count)), items: count)
        let confusions = taken.map { $0.key + [$0.value] }.sorted { ($1[2], $0[0], $0[1]) < ($0[2], $1[0], $1[1]) }
        return (scores, ClassScores(classes: classes, count: countOfClass, right: rightOfClass, confusions: confusions))
    }
}
