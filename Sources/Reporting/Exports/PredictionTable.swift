public import Adapter
internal import Core

/// Predictions as CSV: a header, and a line per item.
public struct PredictionTable: Sendable {
    private let top: Int
    private let hasLabels: Bool

    /// Creates a table with the `top` most probable classes, and with the labels if there are any.
    public init(top: Int, hasLabels: Bool) {
        self.top = top
        self.hasLabels = hasLabels
    }

    /// The names of the columns as a line.
    public var header: String {
        let labels = hasLabels ? ["label", "right"] : []
        return csvLine(["item"] + labels + (1 ... max(1, top)).flatMap { ["class_\($0)", "probability_\($0)"] })
    }

    /// The lines of `predictions`.
    public func lines(_ predictions: [Prediction]) -> String { predictions.map(line).joined() }

    private func line(_ prediction: Prediction) -> String {
        let labels = hasLabels ? [prediction.label ?? "", prediction.right.map { "\($0)" } ?? ""] : []
        let classes = prediction.classes.prefix(top).flatMap { [$0.name, "\($0.probability)"] }
        // Every line has as many fields as the header.
        let missing = Array(repeating: "", count: max(0, 2 * top - classes.count))
        return csvLine([prediction.item] + labels + classes + missing)
    }
}
