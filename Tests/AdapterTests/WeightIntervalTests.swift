import Adapter
import Core
import Kernels
import TestSupport
import Testing

/// Compares the exact search with one over many points.
@Test func noWeightBeatsTheOneWhereMostIntervalsOverlap() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0 ..< 20 {
        let base = randomMatrix(40, 5, using: &generator)
        let extra = randomMatrix(40, 5, using: &generator)
        let labels = (0 ..< 40).map { ($0 * 7) % 5 }
        var intervals = WeightIntervals(range: 0.01 ... 100)
        intervals.record(base: base, extra: extra, labels: labels)
        let best = intervals.best()
        func count(_ weight: Double) -> Int {
            var logits = base
            add(extra, scale: Float(weight), to: &logits)
            return rightCount(logits, labels: labels)
        }
        #expect(count(best.middle) == best.count)
        for step in 0 ... 400 {
            let weight = 0.01 * powerOfTen(Double(step) / 100)
            #expect(count(weight) <= best.count)
        }
    }
}

@Test func theMiddleOfTheWidestOverlapIsThatOfLogarithms() {
    // The items are correct for w in (1, 4) and in (2, 100]: both for w in (2, 4).
    let base = Matrix([0, 1, -4, 2, 0, 0], rows: 2, columns: 3)
    let extra = Matrix([0, -1, 1, -1, 0, -2], rows: 2, columns: 3)
    var intervals = WeightIntervals(range: 0.01 ... 100)
    intervals.record(base: base, extra: extra, labels: [0, 1])
    let best = intervals.best()
    #expect(best.count == 2 && abs(best.middle * best.middle - 8) < 1e-9)
}

@Test func itemsThatNoWeightHelpsLeaveTheMiddleOfTheRange() {
    var intervals = WeightIntervals(range: 0.01 ... 100)
    intervals.record(base: Matrix(row: [0, 1]), extra: Matrix(row: [0, 1]), labels: [0])
    let best = intervals.best()
    #expect(best.count == 0 && abs(best.middle - 1) < 1e-9)
}
