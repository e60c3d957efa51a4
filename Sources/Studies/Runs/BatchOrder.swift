package import Core
internal import TensorFiles

/// A given order of the training items in each epoch, in place of a random one.
package struct BatchOrder: Sendable {
    package let epochs: [[Int]]
    package let digest: Digest

    /// Reads a `.npy` file [epochs×items] of positions among the training items.
    package init(path: String) throws(Fault) {
        let file = try NpyFile(path: path)
        guard file.shape.count == 2 else {
            throw .badData(
                path, found: "shape \(file.shape)", expected: "[epochs, items]", remedy: "save a two-dimensional array")
        }
        // With an axis of length 0, the other may have any length.
        guard file.shape[0] > 0, file.shape[1] > 0 else {
            throw .badData(path, found: "shape \(file.shape)", expected: "epochs and items", remedy: "save some orders")
        }
        let values = try file.tensor.integers()
        let count = file.shape[1]
        epochs = (0 ..< file.shape[0]).map { Array(values[$0 * count ..< ($0 + 1) * count]) }
        digest = file.digest()
    }
}
