import Kernels
import Testing

// Expected values: torch 2.13; see Tests/Fixtures/make_optimizer_values.py.
private let schedules: [(LearningRateSchedule, base: Double, rates: [Double])] = [
    (
        .cosine, 0.001,
        [0.001, 0.000_933_012_701_892_219_5, 0.000_75, 0.000_5, 0.000_25, 6.698_729_810_778_065e-05]
    ),
    // The first epoch is apart.
    (
        .dassl, 0.002,
        [1e-05, 0.002, 0.001_809_016_994_374_947_5, 0.001_309_016_994_374_947_5, 0.000_690_983_005_625_052_7]
    ),
    // The cosine counts from the end of the rise.
    (
        .warmUp(steps: 3, from: 1e-5), 0.001,
        [
            1e-05, 0.000_333_333_333_333_333_3, 0.000_666_666_666_666_666_6, 0.001, 0.000_961_939_766_255_643_4,
            0.000_853_553_390_593_273_8, 0.000_691_341_716_182_545_1, 0.000_5,
        ]
    ),
    (.constant, 0.01, [0.01, 0.01, 0.01]),
]

@Test(arguments: schedules)
func ratesAreThoseOfPyTorch(schedule: LearningRateSchedule, base: Double, expected: [Double]) {
    let count = expected.count
    // Schedules depend on the step or on the epoch.
    let found = (0 ..< count).map { schedule.rate(step: $0, epoch: $0, steps: count, epochs: count, base: base) }
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(found)")
}

@Test func theCosineFallsFromOneToZero() {
    let schedule = CosineSchedule(steps: 10)
    #expect(schedule.factor(0) == 1)
    #expect(abs(schedule.factor(5) - 0.5) < 1e-12)
    #expect(abs(schedule.factor(10)) < 1e-12)
}
