import Core
import Kernels
import Testing

@Test(arguments: [0, 1, 15, 16, 17, 47, 48]) func vectorsAndTheRemainderCoverASpanOnce(_ count: Int) {
    let values = (0 ..< count).map { Float($0) }
    let span = values.span
    var seen: [Float] = []
    for k in 0 ..< span.vectorCount { for lane in 0 ..< 16 { seen.append(span[vector: k][lane]) } }
    for i in span.remainder { seen.append(span[i]) }
    #expect(seen == values)
    let rest = span.padded(span.vectorCount)
    for lane in 0 ..< 16 {
        let index = 16 * span.vectorCount + lane
        #expect(rest[lane] == (index < count ? Float(index) : 0))
    }
}

@Test(arguments: [1, 16, 33]) func arithmeticOnSpansIsThatOfTheirElements(_ count: Int) {
    let x = (0 ..< count).map { Float($0) }
    var y = x
    var span = y.mutableSpan
    span.add(x.span, scale: 2)
    span.mapVectors { $1 + 1 }
    span.scale(by: 0.5)
    #expect(y == x.map { ($0 * 3 + 1) * 0.5 })
    #expect(x.span.dot(x.span) == x.reduce(0) { $0 + $1 * $1 })
}

@Test(arguments: [1, 3, 7, 100]) func eachRowIsWrittenByOneTask(_ size: Int) {
    var ids = [Int](repeating: -1, count: 50)
    var rows = Matrix.zeros(50, 3)
    var columns = [Double](repeating: 0, count: 100)
    Parallel.forEachPiece(of: 50, size: size, &ids, &rows, &columns) { piece, ids, rows, columns in
        for (k, row) in piece.enumerated() {
            ids[k] += row + 1
            for j in 0 ..< 3 { rows[3 * k + j] += Float(row) }
            for j in 0 ..< 2 { columns[2 * k + j] += Double(row) }
        }
    }
    #expect(ids == Array(0 ..< 50))
    #expect(rows.elements == (0 ..< 150).map { Float($0 / 3) })
    #expect(columns == (0 ..< 100).map { Double($0 / 2) })
}

@Test func scratchMemoryIsReusedAndZeroedOnDemand() {
    // A size that no other test asks for.
    let count = 777_777
    for round in 0 ..< 3 {
        var zeros = Scratch<Float>(zeros: count)
        var span = zeros.mutableSpan
        #expect(span[0] == 0 && span[count / 2] == 0 && span[count - 1] == 0, "round \(round)")
        span.update(repeating: 3)
    }
    var first = Scratch<Float>(count)
    var second = Scratch<Float>(count)
    lend(&first, &second) { first, second in
        first.update(repeating: 1)
        second.update(repeating: 2)
        #expect(first[count - 1] == 1 && second[0] == 2)
    }
}

@Test func bfloat16RoundsToNearestEven() {
    for (value, expected) in [
        (1, 0x3f80), (-2, 0xc000), (1.00390625, 0x3f80), (1.01171875, 0x3f82), (1.005, 0x3f81), (0, 0),
    ] as [(Float, UInt16)] {
        #expect(BFloat16(value).bitPattern == expected, "\(value)")
        let lanes = BFloat16.stored(SIMD16(repeating: value))
        #expect(lanes == SIMD16(repeating: expected), "\(value)")
        #expect(BFloat16.floats(lanes) == SIMD16(repeating: BFloat16(value).float))
    }
}
