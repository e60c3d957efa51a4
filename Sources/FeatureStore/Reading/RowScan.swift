internal import Core

/// Statistics of a file's rows, collected piece by piece.
struct RowScan {
    /// The minimum, mean, and maximum norm of the rows.
    struct Norms: Codable, Sendable {
        var minimum = Float.infinity
        var mean: Double = 0
        var maximum: Float = 0
    }

    private let shape: FeatureShape
    private var total: Double = 0
    private var rowCount = 0
    private(set) var norms = Norms()
    /// The names of the first rows with a value that is infinite or not a number, and of zeros.
    private(set) var nonFinite: [String] = [], zero: [String] = []
    /// The numbers of these rows.
    private(set) var nonFiniteCount = 0, zeroCount = 0

    init(_ shape: FeatureShape) { self.shape = shape }

    /// Adds the raw rows of the next items.
    mutating func add(_ bytes: RawSpan) throws(Fault) {
        let found = try Self.norms(bytes, shape)
        for norm in found {
            switch norm {
            case let norm where !norm.isFinite: Self.add(shape.name(ofRow: rowCount), &nonFinite, &nonFiniteCount)
            case 0: Self.add(shape.name(ofRow: rowCount), &zero, &zeroCount)
            default: break
            }
            if norm.isFinite {
                norms.minimum = min(norms.minimum, norm)
                norms.maximum = max(norms.maximum, norm)
                total += Double(norm)
            }
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
                        unsafe values.withUnsafeMutableBufferPointer { values in
                            guard let target = values.baseAddress else { return }
                            let isFinite = unsafe widen(
                                base + row * shape.rowBytes, shape.type, count: shape.width, into: target)
                            unsafe norms[row] = isFinite ? norm(target, shape.width) : .nan
                        }
                    }
                }
            }
        }
        return norms
    }

    /// Computes the norm of a vector in eight lanes.
    private static func norm(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
        var lanes = SIMD8<Double>.zero
        let whole = count / 8 * 8
        let bytes = unsafe UnsafeRawPointer(values)
        for index in stride(from: 0, to: whole, by: 8) {
            let eight = unsafe SIMD8<Double>(bytes.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self))
            lanes += eight * eight
        }
        var sum = lanes.sum()
        for index in whole ..< count { unsafe sum += Double(values[index]) * Double(values[index]) }
        // The norm of finite values may overflow float32.
        return Float(min(sum.squareRoot(), Double(Float.greatestFiniteMagnitude)))
    }
}
