internal import Core

/// A dense row-major `Float` matrix that owns its elements.
public struct Matrix: Sendable, Equatable {
    /// The elements in row-major order.
    public private(set) var elements: [Float]
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int

    /// Makes a matrix of `elements` [rows×columns].
    public init(_ elements: [Float], rows: Int, columns: Int) {
        precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows)×\(columns)")
        self.elements = elements
        self.rows = rows
        self.columns = columns
    }

    /// Makes a matrix of zeros [rows×columns].
    public static func zeros(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix([Float](repeating: 0, count: rows * columns), rows: rows, columns: columns)
    }

    /// Makes a matrix [rows×columns] of which `fill` writes every element.
    package static func filled(_ rows: Int, _ columns: Int, by fill: (inout MutableSpan<Float>) -> Void) -> Matrix {
        let count = rows * columns
        // Elements that `fill` omits keep arbitrary bits, which are valid floats.
        let elements = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, used in
            var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            fill(&span)
            used = count
        }
        return Matrix(elements, rows: rows, columns: columns)
    }

    /// One element.
    public subscript(row: Int, column: Int) -> Float {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// Returns row `index` as an array.
    public func row(_ index: Int) -> [Float] { Array(elements[index * columns ..< (index + 1) * columns]) }

    /// Returns rows `range` as a new matrix.
    public func rows(_ range: Range<Int>) -> Matrix {
        Matrix(
            Array(elements[range.lowerBound * columns ..< range.upperBound * columns]), rows: range.count,
            columns: columns)
    }

    /// Returns the rows at `indices`, in that order.
    public func rows(at indices: [Int]) -> Matrix {
        Matrix.filled(indices.count, columns) { out in
            Parallel.forEachRow(of: indices.count, size: 256, &out) { k, out in
                let index = indices[k]
                precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
                out.copy(span.row(index, width: columns))
            }
        }
    }

    /// The elements, row after row, for reading.
    package var span: Span<Float> {
        @inlinable @_lifetime(borrow self) borrowing get { elements.span }
    }

    /// The elements, row after row, for writing.
    @usableFromInline package var mutableSpan: MutableSpan<Float> {
        @_lifetime(&self) mutating get { elements.mutableSpan }
    }
}
