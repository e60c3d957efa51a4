import Kernels
import Testing

// Expected values: torch 2.13; see Tests/Fixtures/make_optimizer_values.py.

@Test func aCosineFallsAsPyTorchs() {
    let found = (0 ..< 6).map {
        LearningRateSchedule.cosine.rate(step: $0, epoch: 0, steps: 6, epochs: 1, base: 0.001)
    }
    let expected = [
        0.001, 0.000_933_012_701_892_219_5, 0.000_75, 0.000_5, 0.000_25, 6.698_729_810_778_065e-05,
    ]
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(found)")
}

@Test func dasslsFirstEpochIsApart() {
    let found = (0 ..< 5).map { epoch in
        LearningRateSchedule.dassl.rate(step: 7 * epoch + 3, epoch: epoch, steps: 35, epochs: 5, base: 0.002)
    }
    let expected = [
        1e-05, 0.002, 0.001_809_016_994_374_947_5, 0.001_309_016_994_374_947_5, 0.000_690_983_005_625_052_7,
    ]
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(found)")
}

@Test func aWarmUpRisesAndTheCosineCountsFromItsEnd() {
    let schedule = LearningRateSchedule.warmUp(steps: 3, from: 1e-5)
    let found = (0 ..< 8).map { schedule.rate(step: $0, epoch: 0, steps: 8, epochs: 1, base: 0.001) }
    let expected = [
        1e-05, 0.000_333_333_333_333_333_3, 0.000_666_666_666_666_666_6, 0.001, 0.000_961_939_766_255_643_4,
        0.000_853_553_390_593_273_8, 0.000_691_341_716_182_545_1, 0.000_5,
    ]
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(found)")
}

@Test func aConstantRateStays() {
    #expect(LearningRateSchedule.constant.rate(step: 99, epoch: 3, steps: 100, epochs: 4, base: 0.01) == 0.01)
}
