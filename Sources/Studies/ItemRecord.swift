public import Adapter
public import Core
internal import FeatureStore
internal import Kernels

/// An item of a run's features: its prediction, and its place on a map of all items.
public struct ItemRecord: Sendable, Encodable {
    /// The item's subset.
    public let subset: Subset
    /// The prediction, with the item's id and label.
    public let prediction: Prediction
    /// The coordinates on the two principal directions of the unit features of all items.
    public let x, y: Float

    private enum Key: String, CodingKey { case subset, x, y }

    /// Encodes the prediction's fields, the subset and the coordinates.
    public func encode(to encoder: any Encoder) throws {
        try prediction.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(subset, forKey: .subset)
        try container.encode(x, forKey: .x)
        try container.encode(y, forKey: .y)
    }
}

extension SavedRun {
    /// Returns a record of each item of the features that the run was trained on: train, val, test.
    ///
    /// `features` is their place; nil for the recorded one.
    ///
    /// - Throws: `noInput` if the place is unknown, `badData` if other features are there.
    public func items(features: String? = nil, top: Int) throws(Fault) -> [ItemRecord] {
        guard let path = features ?? recordedFeatures else {
            throw Fault(
                .noInput, self.path, found: "no record of the place of its features", expected: "the feature folder",
                remedy: "name it with \(option: "features")")
        }
        try requireFeatures(path)
        let pool = try PooledItems(path, nil)
        let predictions = try pool.parts.map { part throws(Fault) in
            try adapter.predictions(of: part, classes: pool.classes, top: top)
        }.flatMap(\.self)
        let map = planeCoordinates(try pool.features())
        return predictions.indices.map { item in
            ItemRecord(subset: pool.subsets[item], prediction: predictions[item], x: map[item, 0], y: map[item, 1])
        }
    }

    /// Checks that the features at `path` are those that the run was trained on.
    private func requireFeatures(_ path: String) throws(Fault) {
        guard let record = try record() else { return }
        let folder = try FeatureFolder(path: path)
        for input in record.identity.inputs {
            guard let kind = FeatureFile.Kind(rawValue: input.role), folder.digests[kind] != input.digest else {
                continue
            }
            throw .badData(
                folder.path(of: kind), found: "features \(folder.digests[kind]?.description ?? "none")",
                expected: "\(input.digest), on which \(self.path) was trained",
                remedy: "name their folder with \(option: "features"), or train the run again")
        }
    }
}

/// Returns the coordinates [N×2] of `features` [N×D] about their mean on the two principal directions.
///
/// The largest component of a direction is positive, so that equal features have equal maps.
func planeCoordinates(_ features: Matrix) -> Matrix {
    var centered = features
    addRow(columnSums(features), scale: -1 / Float(max(1, features.rows)), to: &centered)
    let covariance = product(centered, centered, transposingA: true)
    guard features.columns > 1, let eigen = SymmetricEigen(covariance) else { return .zeros(features.rows, 2) }
    let directions = [1, 2].map { place in
        let row = eigen.vectors.row(features.columns - place)
        let largest = row.max { abs($0) < abs($1) } ?? 1
        return Matrix(largest < 0 ? row.map { -$0 } : row, rows: 1, columns: features.columns)
    }
    return product(centered, .stacked(directions), transposingB: true)
}
