import Adapter
import Core
import Kernels
import TestSupport
import Testing

/// The cases of `label_quality.json`, from NumPy and cleanlab.
private func cases() throws -> [GoldenValue] { try GoldenValue(fixture: "label_quality.json")["cases"].list() }

private func matrix(_ value: GoldenValue, rows: Int) throws -> Matrix {
    let elements = try value.row().elements
    return Matrix(elements, rows: rows, columns: elements.count / rows)
}

@Test(arguments: 0 ..< 2) func outOfSampleProbabilitiesEqualNumPys(index: Int) throws {
    let golden = try cases()[index]
    let labels = try golden["labels"].integers()
    let validation = CrossValidation(labels: labels, classCount: 5, folds: try golden["folds"].integers())
    let found = validation.probabilities(try matrix(golden["features"], rows: labels.count))
    let expected = try matrix(golden["probabilities"], rows: labels.count)
    // The searches of the temperature end within a thousandth of its logarithm.
    let largest = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? 1
    #expect(largest < 2e-3, "\(largest)")
}

@Test(arguments: 0 ..< 2) func rankingAndIssuesEqualCleanlabs(index: Int) throws {
    let golden = try cases()[index]
    let labels = try golden["labels"].integers()
    let quality = LabelQuality(
        labels: labels, probabilities: try matrix(golden["probabilities"], rows: labels.count))
    #expect(quality.ranking == (try golden["ranking"].integers()))
    #expect(labels.indices.filter { quality.isIssue[$0] } == (try golden["issues"].integers()))
}

@Test func foldsHaveEqualSharesOfEachClassAndDependOnTheSeedAlone() {
    let labels = (0 ..< 103).map { $0 % 7 == 0 ? 2 : $0 % 2 }
    let folds = CrossValidation(labels: labels, classCount: 4, folds: 5, seed: 9).folds
    #expect(folds == CrossValidation(labels: labels, classCount: 4, folds: 5, seed: 9).folds)
    #expect(folds != CrossValidation(labels: labels, classCount: 4, folds: 5, seed: 10).folds)
    for label in 0 ..< 3 {
        let counts = (0 ..< 5).map { fold in labels.indices.count { labels[$0] == label && folds[$0] == fold } }
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "class \(label): \(counts)")
    }
    let sizes = (0 ..< 5).map { fold in folds.count { $0 == fold } }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
}

@Test func aClassWithoutOtherItemsHasProbabilityZero() {
    let features = Matrix([1, 0, 0.8, 0.6, 0.6, 0.8, 0, 1, 0.7, 0.7], rows: 5, columns: 2)
    let validation = CrossValidation(labels: [0, 0, 1, 1, 2], classCount: 3, folds: [0, 1, 0, 1, 0])
    let probabilities = validation.probabilities(normalizeRows(features).unit)
    // The exponential function of the softmax ends at the smallest numbers.
    #expect(probabilities[4, 2] < 1e-37)
    #expect(probabilities.elements.allSatisfy { $0.isFinite })
    for item in 0 ..< 5 { #expect(abs(probabilities.row(item).reduce(0, +) - 1) < 1e-5) }
}
