package import Core
internal import TensorFiles

/// The order of the training items in each epoch, given instead of drawn.
package struct BatchOrder: Sendable {
    package let epochs: [[Int]]
    package let digest: Digest

    /// Reads a `.npy` file [epochs×items] of positions in the train part.
    package init(path: String) throws(Fault) {
        let file = try NpyFile(path: path)
        guard file.shape.count == 2 else {
            throw .badData(
                path, found: "shape \(file.shape)", expected: "[epochs, items]", remedy: "save a two-dimensional array")
        }
        // An axis without elements may be declared as long as one likes.
        guard file.shape[0] > 0, file.shape[1] > 0 else {
            throw .badData(path, found: "shape \(file.shape)", expected: "epochs and items", remedy: "save some orders")
        }
        let (values, count) = (try file.tensor.integers(), file.shape[1])
        epochs = (0 ..< file.shape[0]).map { Array(values[$0 * count ..< ($0 + 1) * count]) }
        digest = file.digest()
    }
}
