internal import Images
package import Kernels

extension Matrix {
    /// Returns the positional embedding [1+side²×W] of a class token and a grid, from one of another grid.
    ///
    /// The grid is resized like an image of W channels, as by open_clip's `resize_pos_embed`
    /// (`torch.nn.functional.interpolate`, bicubic with `antialias=True`). The class token's position is kept.
    package func resizedPositions(to side: Int) -> Matrix {
        let stored = Int(Double(rows - 1).squareRoot().rounded())
        let filter = BicubicFilter(length: stored, outputs: side)
        var weights = [Double](repeating: 0, count: filter.taps)
        var resizedRows = Matrix.zeros(stored * side, columns)
        var result = Matrix.zeros(1 + side * side, columns)
        result.add(row: 0, of: self, times: 1, to: 0)
        for output in 0 ..< side {
            for (column, weight) in zip(filter.writeWeights(of: output, to: &weights), weights) {
                for row in 0 ..< stored {
                    resizedRows.add(row: 1 + row * stored + column, of: self, times: weight, to: row * side + output)
                }
            }
        }
        for output in 0 ..< side {
            for (row, weight) in zip(filter.writeWeights(of: output, to: &weights), weights) {
                for column in 0 ..< side {
                    result.add(row: row * side + column, of: resizedRows, times: weight, to: 1 + output * side + column)
                }
            }
        }
        return result
    }

    /// Adds the row `row` of `other`, multiplied by `factor`, to the row `target`.
    private mutating func add(row: Int, of other: Matrix, times factor: Double, to target: Int) {
        let width = columns
        var all = mutableSpan
        var values = all.row(target, width: width)
        values.add(other.span.row(row, width: width), scale: Float(factor))
    }
}
