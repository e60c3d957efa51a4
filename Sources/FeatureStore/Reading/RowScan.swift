internal import Core

/// Statistics of a file's rows, collected piece by piece.
struct RowScan {
    private let shape: FeatureShape
    private var total: Double = 0
    private var rowCount = 0
    private(set) var norms = FeatureSummary.Norms()
    /// The names of the first rows with a value that is infinite or not a number, and of zeros.
    private(set) var nonFinite: [String] = [], zero: [String] = []
    private(set) var nonFiniteCount = 0, zeroCount = 0

    init(_ shape: FeatureShape) { self.shape = shape }

    mutating func add(_ bytes: RawSpan) throws(Fault) {
        for norm in try Self.norms(bytes, shape) {
            if norm.isFinite {
                norms.minimum = min(norms.minimum, norm)
                norms.maximum = max(norms.maximum, norm)
                total += Double(norm)
            } else {
                Self.add(shape.name(ofRow: rowCount), &nonFinite, &nonFiniteCount)
            }
            if norm == 0 { Self.add(shape.name(ofRow: rowCount), &zero, &zeroCount) }
            rowCount += 1
        }
        norms.mean = total / Double(max(1, rowCount - nonFiniteCount))
    }

    private static func add(_ row: String, _ rows: inout [String], _ count: inout Int) {
        count += 1
        if rows.count < 3 { rows.append(row) }
    }

    /// Computes the norm of each row on all threads; NaN for a row with a value that is not finite.
    private static func norms(_ bytes: RawSpan, _ shape: FeatureShape) throws(Fault) -> [Float] {
        let rows = bytes.byteCount / shape.rowBytes
        var norms = [Float](repeating: 0, count: rows)
        let rowsPerPiece = max(1, Seal.piece / shape.rowBytes)
        try unsafe bytes.withUnsafeBytes { source throws(Fault) in
            try unsafe norms.withUnsafeMutableBufferPointer { norms throws(Fault) in
                guard let base = source.baseAddress else { return }
                try Parallel.forEach(
                    (rows + rowsPerPiece - 1) / rowsPerPiece, workspace: { [Float](repeating: 0, count: shape.width) }
                ) { piece, values throws(Fault) in
                    for row in piece * rowsPerPiece ..< min(rows, (piece + 1) * rowsPerPiece) {
                        let isFinite = unsafe values.withUnsafeMutableBufferPointer { values in
                            guard let target = values.baseAddress else { return true }
                            let source = unsafe base + row * shape.rowBytes
                            return unsafe widen(source, shape.type, count: shape.width, into: target)
                        }
                        unsafe norms[row] = isFinite ? norm(values.span) : .nan
                    }
                }
            }
        }
        return norms
    }

    /// Computes the norm of a vector in eight lanes.
    static func norm(_ values: Span<Float>) -> Float {
        var lanes = SIMD8<Double>.zero
        let whole = values.count / 8 * 8
        for index in stride(from: 0, to: whole, by: 8) {
            let eight = unsafe SIMD8<Double>(
                values.bytes.unsafeLoadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self))
            lanes += eight * eight
        }
        var sum = lanes.sum()
        for index in whole ..< values.count { sum += Double(values[index]) * Double(values[index]) }
        // The norm of finite values may overflow float32.
        return Float(min(sum.squareRoot(), Double(Float.greatestFiniteMagnitude)))
    }
}
