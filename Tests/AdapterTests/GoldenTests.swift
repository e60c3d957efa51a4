import Adapter
import Kernels
import TestSupport
import Testing

@Test func textsAndKeysAreTheGoldenOnes() throws {
    let fixture = try GoldenFixture("zero-shot")
    #expect(largestDifference(fixture.text.classifier, try fixture.expected["texts"].matrix()) < 1e-6)
    #expect(largestDifference(fixture.text.rawMeans, try fixture.expected["raw_texts"].matrix()) < 1e-6)
    let keys = try #require(try fixture.task.support?.keys())
    #expect(largestDifference(keys, try fixture.expected["keys"].matrix()) < 1e-6)
    let classifier = try ZeroShot(.init(), task: fixture.task).initialClassifier()
    #expect(largestDifference(fixture.testLogits(classifier), try fixture.expected["logits"].matrix()) < 1e-4)
}
