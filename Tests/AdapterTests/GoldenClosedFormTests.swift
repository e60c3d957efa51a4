import Adapter
import Foundation
import Kernels
import TestSupport
import Testing

extension GoldenFixture {
    /// The classifier after a search on the fixture's validation part.
    fileprivate func searched(_ method: some AdapterMethod, by kind: SearchKind) throws -> SearchResult {
        try method.search(method.initialClassifier(), on: Validation(validation), by: kind)
    }

    fileprivate func testAccuracy(_ classifier: Classifier) -> Double {
        accuracy(testLogits(classifier), labels: test.labels())
    }
}

private func number(_ result: SearchResult, _ name: String) -> Double {
    guard case .number(let value) = result.chosen[name] else { return .nan }
    return value
}

private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }

@Test func discriminantsAreTheGoldenOnesAtEachWeight() throws {
    let fixture = try GoldenFixture("gda")
    for (alpha, logits) in zip(
        try fixture.expected["settings"]["alphas"].numbers(), try fixture.expected["logits"].list())
    {
        var settings = GaussianDiscriminants.Settings()
        settings.alpha = Float(alpha)
        let classifier = try GaussianDiscriminants(settings, task: fixture.task).initialClassifier()
        // Weights beyond one magnify the rounding of the discriminants.
        #expect(largestDifference(fixture.testLogits(classifier), try logits.matrix()) < 1e-4 * Float(max(1, alpha)))
        let linear = try #require(classifier.linear)
        #expect(largestDifference(linear.weights.transposed, try fixture.expected["weight"].matrix()) < 1e-4)
    }
}

@Test func discriminantsChooseTheGoldenWeightOfTheGridAndOneAsGoodOfTheInterval() throws {
    let fixture = try GoldenFixture("gda")
    let method = try GaussianDiscriminants(.init(), task: fixture.task)
    let grid = try fixture.searched(method, by: .grid)
    #expect(isClose(number(grid, "alpha"), try fixture.expected["chosen_alpha"].number()))
    #expect(isClose(grid.accuracy, try fixture.expected["val_accuracy"].number()))
    #expect(isClose(fixture.testAccuracy(grid.classifier), try fixture.expected["test_accuracy"].number()))
    #expect(try fixture.searched(method, by: .exact).accuracy >= grid.accuracy)
}
