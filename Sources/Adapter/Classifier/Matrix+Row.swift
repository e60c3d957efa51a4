internal import Kernels

extension Matrix {
    /// One row [1×N].
    init(row elements: [Float]) { self.init(elements, rows: 1, columns: elements.count) }

    /// One row of ones [1×N].
    static func ones(_ count: Int) -> Matrix { Matrix(row: [Float](repeating: 1, count: count)) }
}
