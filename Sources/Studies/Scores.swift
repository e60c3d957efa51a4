public import Adapter
public import Artifacts
internal import Kernels

/// How a classifier does on a part, in percent.
public struct Scores: Codable, Sendable, Equatable {
    /// Items whose highest logit is their label's.
    public var accuracy: Double
    /// Items whose label is among the five highest logits.
    public var top5: Double
    /// The mean over classes of the share of each class that is right.
    public var mean_per_class: Double
    public var items: Int
}

extension TestSet {
    /// Reads the part once, block by block.
    public func scores(_ classifier: CacheClassifier) throws(Fault) -> Scores {
        var (right, close) = (0, 0)
        var rightOfClass = [Int](repeating: 0, count: classifier.classCount)
        var countOfClass = rightOfClass
        let labels = labels
        try forEachLogits(classifier) { block, logits in
            for (row, item) in block.enumerated() {
                let label = labels[item]
                let own = logits[row, label]
                // Ties go to the first class, as in the largest of a row.
                let above = (0 ..< logits.columns).reduce(0) {
                    $0 + (logits[row, $1] > own || (logits[row, $1] == own && $1 < label) ? 1 : 0)
                }
                countOfClass[label] += 1
                if above == 0 {
                    right += 1
                    rightOfClass[label] += 1
                }
                if above < 5 { close += 1 }
            }
        }
        let shares = zip(rightOfClass, countOfClass).filter { $0.1 > 0 }.map { percent($0.0, of: $0.1) }
        return Scores(
            accuracy: percent(right, of: count), top5: percent(close, of: count),
            mean_per_class: shares.reduce(0, +) / Double(max(1, shares.count)), items: count)
    }
}
