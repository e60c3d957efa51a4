internal import Adapter
public import Core
internal import Kernels
internal import TensorFiles

/// The labels of a feature folder, ranked by how much classifiers of the other items doubt them.
public struct SuspectLabels: Sendable {
    /// All items that can be judged, the most doubtful first.
    public private(set) var items: [SuspectLabel]
    /// The names of classes with a single item, which cannot be judged.
    public let loneClasses: [String]
    private let probabilities: Matrix

    /// Judges the items of `subset`, or of all subsets together, by cross-validation.
    ///
    /// - Throws: `configuration` for a number of folds that is not from 2 to 100, `badData` for fewer than two classes.
    public init(
        features path: String, subset: Subset? = nil, folds: Int = 5, seed: UInt64 = 1
    ) throws(Fault) {
        guard (2 ... 100).contains(folds) else {
            throw .configuration(option: "folds", found: "\(folds)", expected: "2 to 100")
        }
        let pool = try PooledItems(path, subset)
        let counts = pool.labels.reduce(into: [:]) { counts, label in counts[label, default: 0] += 1 }
        guard counts.values.count(where: { $0 > 1 }) > 1 else {
            throw .badData(
                path, found: "\(counts.count) classes with \(pool.labels.count) items",
                expected: "two classes or more with two items or more", remedy: "name another folder")
        }
        let validation = CrossValidation(
            labels: pool.labels, classCount: pool.classes.count, folds: folds, seed: seed)
        let probabilities = validation.probabilities(try pool.features())
        let quality = LabelQuality(labels: pool.labels, probabilities: probabilities)
        self.probabilities = probabilities
        loneClasses = pool.classes.indices.filter { counts[$0] == 1 }.map { pool.classes[$0] }
        items = quality.ranking.filter { counts[pool.labels[$0]] ?? 0 > 1 }.map { item in
            let suggestion = quality.prediction[item]
            return SuspectLabel(
                item: pool.ids[item], subset: pool.subsets[item], label: pool.classes[pool.labels[item]],
                self_confidence: quality.selfConfidence[item], suggestion: pool.classes[suggestion],
                confidence: probabilities[item, suggestion], issue: quality.isIssue[item])
        }
    }

    /// The items whose labels are probably wrong: those that confident learning takes for wrong, and those whose
    /// labeled class has a probability below 1 %, whatever the image shows instead.
    public var issues: [SuspectLabel] {
        items.filter { $0.issue || $0.self_confidence < 0.01 && $0.suggestion != $0.label }
    }

    /// Writes the probabilities [N×C] of all items as `.npy`, in the order of the feature files: train, val, test.
    public func writeProbabilities(to path: String) throws(Fault) {
        let tensor = Tensor(probabilities.elements, shape: [probabilities.rows, probabilities.columns])
        try writeNpy(tensor.view, to: path)
    }
}

/// An item and the opinion of a classifier that was not fitted to it.
public struct SuspectLabel: Sendable, Codable, Equatable {
    /// The item's id in its feature file.
    public let item: String
    /// The item's subset.
    public let subset: Subset
    /// The name of the labeled class.
    public let label: String
    /// The probability of the labeled class.
    public let self_confidence: Float
    /// The name of the most probable class.
    public let suggestion: String
    /// The probability of the most probable class.
    public let confidence: Float
    /// Whether the label is probably wrong, by confident learning.
    public let issue: Bool
}
