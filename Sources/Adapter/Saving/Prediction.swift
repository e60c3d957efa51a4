public import Core
public import Kernels

/// The most probable classes of one item.
public struct Prediction: Codable, Sendable, Equatable {
    /// The image's path, or the item's id in its feature file.
    public var item: String
    /// The most probable classes, the most probable first.
    public var classes: [ClassProbability]
    /// The name of the labeled class; nil if it is unknown.
    public var label: String?
    /// Whether the most probable class is the labeled one; nil if that is unknown.
    public var right: Bool?

    /// A class and its probability among all classes, from 0 to 1.
    public struct ClassProbability: Codable, Sendable, Equatable {
        /// The name of the class.
        public var name: String
        /// The probability.
        public var probability: Float
    }
}

extension Prediction {
    /// The probability of the most probable class.
    public var confidence: Float { classes.first?.probability ?? 0 }
}

extension [Prediction] {
    /// The items whose label is not the most probable class, the most confident first.
    public var mistakes: [Prediction] {
        let wrong = enumerated().filter { $0.element.right == false }
        return wrong.sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }.map(\.element)
    }
}

extension FittedAdapter {
    /// The `top` most probable classes of items with features [N×D] as the encoder gave them.
    ///
    /// - Throws: `badData` for features of another width.
    public func predictions(of features: Matrix, items: [String], top: Int) throws(Fault) -> [Prediction] {
        precondition(features.rows == items.count, "\(features.rows) rows for \(items.count) items")
        guard features.columns == classifier.width else {
            throw .badData(
                source, found: "features \(features.columns) wide", expected: "\(classifier.width) as the adapter",
                remedy: "encode with the model that the adapter was trained with")
        }
        var logits = classifier.logits(classifier.readsRaw ? features : normalizeRows(features).unit)
        softmaxRows(&logits)
        return items.enumerated().map { index, item in
            let row = logits.row(index)
            // Of equals the first class, as everywhere.
            let order = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }
            let chosen = order.prefix(top).map { Prediction.ClassProbability(name: classes[$0], probability: row[$0]) }
            return Prediction(item: item, classes: chosen)
        }
    }
}
