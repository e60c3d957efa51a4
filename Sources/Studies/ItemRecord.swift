public import Adapter
public import Core

/// An item of a run's features: its prediction, and its place on a map of all items.
public struct ItemRecord: Sendable, Encodable {
    /// The item's subset.
    public let subset: Subset
    /// The prediction, with the item's id and label.
    public let prediction: Prediction
    /// The coordinates on the two principal directions of the unit features of all items.
    public let x, y: Float
    /// The absolute path of the image file; nil if the place of the images is unknown.
    public let filepath: String?

    private enum Key: String, CodingKey { case subset, x, y, filepath }

    /// Encodes the prediction's fields, the subset, the coordinates and the path of the image.
    public func encode(to encoder: any Encoder) throws {
        try prediction.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(subset, forKey: .subset)
        try container.encode(x, forKey: .x)
        try container.encode(y, forKey: .y)
        try container.encodeIfPresent(filepath, forKey: .filepath)
    }
}
