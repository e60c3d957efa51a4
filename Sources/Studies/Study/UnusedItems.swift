internal import Adapter
public import Core

/// Labeled items of a train subset that no few-shot sample of a study can take.
public struct UnusedItems: Sendable, Equatable {
    /// The feature folder.
    public let features: String
    /// The number of items of the largest sample.
    public let used: Int
    /// The number of items of the train subset.
    public let total: Int
}

extension Study {
    /// Returns the feature folders with more labeled items than the largest few-shot sample takes.
    ///
    /// - Throws: `badData` for damaged features.
    public func unusedItems() throws(Fault) -> [UnusedItems] {
        guard classes == .all, methods.contains(where: { $0.fitsTo == .shots }), !shots.contains(.all),
            let most = shots.compactMap(\.number).max()
        else { return [] }
        var unused: [UnusedItems] = []
        for path in features {
            guard let train = try OpenedFolder(path).train, try train.isWhole() else { continue }
            let labels = try train.labels()
            let counts = labels.reduce(into: [:]) { counts, label in counts[label, default: 0] += 1 }
            let used = counts.values.reduce(0) { $0 + min($1, most) }
            if used < labels.count {
                unused.append(UnusedItems(features: path, used: used, total: labels.count))
            }
        }
        return unused
    }
}
