internal import Core

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
    package static func filled(_ rows: Int, _ columns: Int, by fill: (Strip) -> Void) -> Matrix {
        let count = rows * columns
        let elements = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, used in
            if let base = buffer.baseAddress { fill(unsafe Strip(base, count: count)) }
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
            read { from in
                Parallel.forEachPiece(of: indices.count, size: 256) { piece in
                    for k in piece {
                        let index = indices[k]
                        precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
                        out.from(k * columns, count: columns).copy(from.from(index * columns, count: columns))
                    }
                }
            }
        }
    }

    /// Lends the elements for reading.
    package func read<R>(_ body: (Strip) -> R) -> R {
        unsafe elements.withUnsafeBufferPointer { buffer in
            // Reading only: the strip that would let a kernel write goes no further than `body`.
            guard let base = buffer.baseAddress else { return body(Scratch(0).strip) }
            return body(unsafe Strip(UnsafeMutablePointer(mutating: base), count: buffer.count))
        }
    }

    /// Lends the elements for writing.
    package mutating func write<R>(_ body: (Strip) -> R) -> R {
        unsafe elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return body(Scratch(0).strip) }
            return body(unsafe Strip(base, count: buffer.count))
        }
    }
}

extension Strip {
    /// Copies the elements of a strip of the same length.
    package func copy(_ other: Strip) {
        assert(count == other.count)
        unsafe address.update(from: other.address, count: count)
    }
}
