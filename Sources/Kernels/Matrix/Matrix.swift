/// A dense row-major `Float` matrix that owns its elements.
public struct Matrix: Sendable, Equatable {
    /// Row after row.
    public private(set) var elements: [Float]
    public let rows: Int
    public let columns: Int

    /// Takes `elements` as [rows×columns].
    public init(_ elements: [Float], rows: Int, columns: Int) {
        precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows)×\(columns)")
        self.elements = elements
        self.rows = rows
        self.columns = columns
    }

    public static func zeros(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix([Float](repeating: 0, count: rows * columns), rows: rows, columns: columns)
    }

    /// A matrix whose elements `fill` writes, each of them.
    package static func filled(_ rows: Int, _ columns: Int, by fill: (inout MutableSpan<Float>) -> Void) -> Matrix {
        let count = rows * columns
        // What `fill` leaves out keeps the arbitrary bits of fresh memory: a `Float` all the same.
        let elements = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, used in
            var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            fill(&span)
            used = count
        }
        return Matrix(elements, rows: rows, columns: columns)
    }

    public subscript(row: Int, column: Int) -> Float {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// Row `index` as an array.
    public func row(_ index: Int) -> [Float] { Array(elements[index * columns ..< (index + 1) * columns]) }

    /// Rows `range` as a matrix of their own.
    public func rows(_ range: Range<Int>) -> Matrix {
        Matrix(
            Array(elements[range.lowerBound * columns ..< range.upperBound * columns]), rows: range.count,
            columns: columns)
    }

    /// The rows that `indices` name, in that order.
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
        @_lifetime(borrow self) borrowing get { elements.span }
    }

    /// The elements, row after row, for writing.
    package var mutableSpan: MutableSpan<Float> {
        @_lifetime(&self) mutating get { elements.mutableSpan }
    }
}
