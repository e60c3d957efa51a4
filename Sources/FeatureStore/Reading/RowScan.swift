internal import Core

/// Statistics of a file's rows, collected piece by piece.
package struct RowScan {
    private let shape: FeatureShape
    private var total: Double = 0
    private var rowCount = 0
    private(set) var norms = FeatureSummary.Norms()
    /// The checksum of each row as float32.
    private(set) var sums: [UInt64] = []
    /// The names of the first rows with a value that is infinite or not a number, and of zeros.
    private(set) var nonFinite: [String] = [], zero: [String] = []
    private(set) var nonFiniteCount = 0, zeroCount = 0

    init(_ shape: FeatureShape) { self.shape = shape }

    mutating func add(_ bytes: RawSpan) throws(Fault) {
        let (norms, sums) = try Self.normsAndSums(bytes, shape)
        self.sums += sums
        for norm in norms {
            if norm.isFinite {
                self.norms.minimum = min(self.norms.minimum, norm)
                self.norms.maximum = max(self.norms.maximum, norm)
                total += Double(norm)
            } else {
                Self.add(shape.name(ofRow: rowCount), &nonFinite, &nonFiniteCount)
            }
            if norm == 0 { Self.add(shape.name(ofRow: rowCount), &zero, &zeroCount) }
            rowCount += 1
        }
        self.norms.mean = total / Double(max(1, rowCount - nonFiniteCount))
    }

    private static func add(_ row: String, _ rows: inout [String], _ count: inout Int) {
        count += 1
        if rows.count < 3 { rows.append(row) }
    }

    /// Computes the norm and the checksum of each row on all threads; the norm of a row that is not finite is NaN.
    private static func normsAndSums(
        _ bytes: RawSpan, _ shape: FeatureShape
    ) throws(Fault) -> (norms: [Float], sums: [UInt64]) {
        let rows = bytes.byteCount / shape.rowBytes
        var results = [(norm: Float, sum: UInt64)](repeating: (0, 0), count: rows)
        let rowsPerPiece = max(1, Seal.piece / shape.rowBytes)
        try unsafe bytes.withUnsafeBytes { source throws(Fault) in
            try unsafe results.withUnsafeMutableBufferPointer { results throws(Fault) in
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
                        unsafe results[row] = (isFinite ? norm(values.span) : .nan, checksum(values.span.bytes))
                    }
                }
            }
        }
        return (results.map(\.norm), results.map(\.sum))
    }

    /// Computes the checksum of each row of `width` values.
    static func sums(_ values: [Float], width: Int) -> [UInt64] {
        let bytes = unsafe values.span.bytes
        var sums: [UInt64] = []
        for start in stride(from: 0, to: bytes.byteCount, by: 4 * width) {
            sums.append(checksum(bytes.extracting(start ..< start + 4 * width)))
        }
        return sums
    }

    /// Computes the norm of a vector in eight lanes.
    package static func norm(_ values: Span<Float>) -> Float {
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
