public import Kernels

/// The agreement of labels with out-of-sample probabilities.
///
/// Northcutt, Jiang and Chuang, JAIR 2021. Scores are those of cleanlab's `get_label_quality_scores(method=
/// "self_confidence")`, issues those of `find_label_issues(filter_by="confident_learning")`.
public struct LabelQuality: Sendable {
    /// The probability of each item's label [N].
    public let selfConfidence: [Float]
    /// The most probable class of each item [N]; of equals the first.
    public let prediction: [Int]
    /// Whether each item's label is probably wrong [N].
    public let isIssue: [Bool]

    /// Compares `labels` [N] with the probabilities [N×C].
    public init(labels: [Int], probabilities: Matrix) {
        precondition(labels.count == probabilities.rows, "\(labels.count) labels for \(probabilities.rows) rows")
        let thresholds = Self.thresholds(labels, probabilities)
        var selfConfidence: [Float] = []
        var prediction: [Int] = []
        var isIssue: [Bool] = []
        for (item, label) in labels.enumerated() {
            let row = probabilities.row(item)
            let best = Self.largest(row)
            selfConfidence.append(row[label])
            prediction.append(best)
            isIssue.append(Self.isIssue(row, label: label, best: best, thresholds))
        }
        self.selfConfidence = selfConfidence
        self.prediction = prediction
        self.isIssue = isIssue
    }

    /// The items from the lowest self-confidence to the highest, of equals the first.
    public var ranking: [Int] {
        selfConfidence.indices.sorted { (selfConfidence[$0], $0) < (selfConfidence[$1], $1) }
    }

    /// The number by which probabilities may differ and still count as equal, as in cleanlab.
    private static let tolerance = 1e-6

    /// The mean self-confidence of each class [C], from which on a probability is confident; nil without items.
    private static func thresholds(_ labels: [Int], _ probabilities: Matrix) -> [Double?] {
        var sums = [Double](repeating: 0, count: probabilities.columns)
        var counts = [Double](repeating: 0, count: probabilities.columns)
        for (item, label) in labels.enumerated() {
            sums[label] += Double(probabilities[item, label])
            counts[label] += 1
        }
        return zip(sums, counts).map { $1 > 0 ? max($0 / $1, 2 * tolerance) : nil }
    }

    /// Whether the item is confidently of another class than its label, and not predicted as labeled.
    private static func isIssue(_ row: [Float], label: Int, best: Int, _ thresholds: [Double?]) -> Bool {
        let confident = row.indices.filter { place in
            thresholds[place].map { Double(row[place]) >= $0 - tolerance } ?? false
        }
        guard let first = confident.first, (confident.count > 1 ? best : first) != label else { return false }
        var raised = row.map(Double.init)
        raised[label] += tolerance
        return largest(raised) != label
    }

    private static func largest<Value: Comparable>(_ row: [Value]) -> Int {
        row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }
}
