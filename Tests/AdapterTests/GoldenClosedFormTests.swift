import Adapter
import Core
import Foundation
import Kernels
import TestSupport
import Testing

extension GoldenFixture {
    /// The classifier after a search on the fixture's validation part.
    fileprivate func searched(_ method: some AdapterMethod, by kind: SearchKind) throws -> SearchResult {
        try method.search(method.initialClassifier(), on: Validation(validation), by: kind)
    }

    /// Compares a search of the grid with the golden choice, and an exact one with its accuracy.
    fileprivate func expectGoldenSearch(
        _ method: some AdapterMethod, _ expected: GoldenValue, _ choices: [String: String],
        within tolerance: Double = 1e-9
    ) throws -> SearchResult {
        let grid = try searched(method, by: .grid)
        for (name, golden) in choices {
            #expect(abs(number(grid, name) - (try expected[golden].number())) < tolerance, "\(name)")
        }
        #expect(isClose(grid.accuracy, try expected["val_accuracy"].number()))
        #expect(try searched(method, by: .exact).accuracy >= grid.accuracy)
        return grid
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

@Test func textsAndKeysAreTheGoldenOnes() throws {
    let fixture = try GoldenFixture("zero-shot")
    #expect(largestDifference(fixture.text.classifier, try fixture.expected["texts"].matrix()) < 1e-6)
    #expect(largestDifference(fixture.text.rawMeans, try fixture.expected["raw_texts"].matrix()) < 1e-6)
    let keys = try #require(try fixture.task.support?.keys())
    #expect(largestDifference(keys, try fixture.expected["keys"].matrix()) < 1e-6)
    let classifier = try fixture.method(ZeroShot.self).initialClassifier()
    #expect(largestDifference(fixture.testLogits(classifier), try fixture.expected["logits"].matrix()) < 1e-4)
}

@Test func discriminantsAreTheGoldenOnesAtEachWeight() throws {
    let fixture = try GoldenFixture("gda")
    for (alpha, logits) in zip(
        try fixture.expected["settings"]["alphas"].numbers(), try fixture.expected["logits"].list())
    {
        let classifier = try fixture.method(GaussianDiscriminants.self, ["alpha": .number(alpha)]).initialClassifier()
        // Weights above one magnify the rounding errors of the discriminants.
        #expect(largestDifference(fixture.testLogits(classifier), try logits.matrix()) < 1e-4 * Float(max(1, alpha)))
        let linear = try #require(classifier[LinearTerm.self])
        #expect(largestDifference(linear.weights.transposed, try fixture.expected["weight"].matrix()) < 1e-4)
    }
}

@Test func discriminantsChooseTheGoldenWeightOfTheGridAndOneAsGoodOfTheInterval() throws {
    let fixture = try GoldenFixture("gda")
    let grid = try fixture.expectGoldenSearch(
        fixture.method(GaussianDiscriminants.self), fixture.expected, ["alpha": "chosen_alpha"])
    #expect(isClose(fixture.testAccuracy(grid.classifier), try fixture.expected["test_accuracy"].number()))
}

@Test func timoIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("timo")
    let grid = try fixture.expectGoldenSearch(fixture.method(Timo.self), fixture.expected, ["alpha": "chosen_alpha"])
    let text = try #require(grid.classifier[TextTerm.self]).embeddings
    #expect(largestDifference(text, try fixture.expected["texts"].matrix()) < 1e-5)
    #expect(largestDifference(fixture.testLogits(grid.classifier), try fixture.expected["logits"].matrix()) < 1e-4)
}

@Test func timoSChoosesTheGoldenSharpnessAndNumberOfPrompts() throws {
    let fixture = try GoldenFixture("timo-s")
    let choices = ["gamma": "chosen_gamma", "prompts": "chosen_count", "alpha": "chosen_alpha"]
    let grid = try fixture.expectGoldenSearch(fixture.method(TimoS.self), fixture.expected, choices)
    #expect(largestDifference(fixture.testLogits(grid.classifier), try fixture.expected["logits"].matrix()) < 1e-4)
}

@Test func timoWithChosenSettingsIsWhatTimoSFinds() throws {
    let fixture = try GoldenFixture("timo-s")
    let found = try fixture.searched(fixture.method(TimoS.self), by: .exact)
    let timo = try fixture.method(Timo.self, found.chosen).initialClassifier()
    #expect(largestDifference(fixture.testLogits(timo), fixture.testLogits(found.classifier)) < 1e-5)
}

@Test func timoOfLargeWeightsHasTheSameChoicesAtAnotherScale() throws {
    let fixture = try GoldenFixture("timo")
    var logits: [Matrix] = []
    for alpha in [100, 1000] as [SettingValue] {
        let classifier = try fixture.method(Timo.self, ["alpha": alpha]).initialClassifier()
        #expect(classifier[TextTerm.self]?.scale == 100)
        logits.append(fixture.testLogits(classifier))
    }
    // Logits at α = 1000 lack nine tenths of the discriminants, compared with those at α = 100.
    let linear = try #require(try fixture.method(Timo.self).initialClassifier()[LinearTerm.self])
    #expect(linear.weight == 0.1)
    let part = fixture.testLogits(Classifier(LinearTerm(weights: linear.weights, bias: linear.bias)))
    add(part, scale: 0.9, to: &logits[1])
    #expect(largestDifference(logits[0], logits[1]) < 1e-4)
}

@Test func theLinearProbeIsTheOptimumAtEachC() throws {
    let fixture = try GoldenFixture("linear-probe")
    let validation = try Validation(fixture.validation)
    for run in try fixture.expected["runs"].list() {
        let c = try run["C"].number()
        let classifier = try fixture.method(LinearProbe.self, ["C": .number(c)]).initialClassifier()
        let linear = try #require(classifier[LinearTerm.self])
        let norm = frobeniusNorm(linear.weights)
        let expected = try run["optimum"]["weight_norm"].number()
        #expect(abs(norm - expected) < 1e-3 * expected, "C \(c): \(norm)")
        // A gradient norm of 1e-4 limits the logits to this precision.
        let logits = try run["optimum"]["logits"].matrix()
        let gap = largestDifference(fixture.testLogits(classifier), logits)
        #expect(gap < 2e-3 * (logits.elements.map(abs).max() ?? 0), "C \(c): \(gap)")
        #expect(isClose(fixture.testAccuracy(classifier), try run["test_accuracy"].number()))
        #expect(isClose(try validation.score(classifier).accuracy, try run["val_accuracy"].number()))
    }
}

@Test func theLinearProbeChoosesAsThePublishedBisectionDoes() throws {
    let fixture = try GoldenFixture("linear-probe")
    let validation = try Validation(fixture.validation)
    func score(_ exponent: Double) throws -> Double {
        let method = try fixture.method(LinearProbe.self, ["C": .number(pow(10, exponent))])
        return try validation.score(method.initialClassifier()).accuracy
    }
    var best = (accuracy: -1.0, exponent: 0.0)
    for exponent in [6.0, 4, 2, 0, -2, -4, -6] where try score(exponent) > best.accuracy {
        best = (try score(exponent), exponent)
    }
    var low = best.exponent - 1
    var high = best.exponent + 1
    var winner = 0.0
    for _ in 0 ..< 8 {
        let middle = (low + high) / 2
        if try score(low) < score(high) {
            winner = high
            low = middle
        } else {
            winner = low
            high = middle
        }
    }
    let found = try fixture.searched(fixture.method(LinearProbe.self), by: .exact)
    #expect(abs(number(found, "C") - pow(10, winner)) < 1e-9 * pow(10, winner))
    #expect(found.classifier.readsRaw)
}

@Test func apeKeepsTheGoldenChannels() throws {
    let fixture = try GoldenFixture("ape")
    let classifier = try fixture.method(Ape.self, apeSettings).initialClassifier()
    let cache = try #require(classifier[CacheTerm.self])
    #expect(cache.channels == (try fixture.expected["chosen_channels"].integers()))
    let doubts = try fixture.expected["divergence"].numbers()
    let strengths = try #require(cache.strengths)
    #expect(largestGap(strengths.map(Double.init), doubts.map { exp(0.5 * $0) }) < 1e-4)
    #expect(largestDifference(fixture.testLogits(classifier), try fixture.expected["logits"].matrix()) < 1e-4)
    #expect(isClose(fixture.testAccuracy(classifier), try fixture.expected["test_accuracy"].number()))
}

@Test func apeChoosesTheGoldenPointOfTheGridAndOneNoWorseOfTheInterval() throws {
    let fixture = try GoldenFixture("ape")
    let expected = try fixture.expected["search"]
    let names = ["beta": "beta", "alpha": "alpha", "gamma": "gamma"]
    let grid = try fixture.expectGoldenSearch(fixture.method(Ape.self, apeSettings), expected, names, within: 1e-5)
    #expect(largestDifference(fixture.testLogits(grid.classifier), try expected["logits"].matrix()) < 1e-4)
}

/// 683 per 1024 channels give 16 of 24.
private let apeSettings: [String: SettingValue] = [
    "beta": 5, "alpha": 2, "gamma": 0.5, "training_free_feat_num": 683, "w_training_free": [0.5, 0.5],
    "search_scale": [7, 7, 1], "search_step": [200, 20, 20],
]

@Test func apeTHasTheGoldenLossAtEachStep() throws {
    let fixture = try GoldenFixture("ape-t")
    let method = try fixture.method(
        ApeT.self,
        [
            "alpha": 1, "beta": 1, "training_feat_num": 683, "lr": 1e-3, "epochs": 12, "batch_size": 8,
            "precision": .text("float32"),
        ])
    let state = try fixture.trained(method)
    let losses = try fixture.expected["losses"].numbers()
    let gaps = zip(state.log.steps, losses).map { abs($0.loss - $1) / max(0.1, abs($1)) }
    #expect(state.log.steps.count == losses.count && (gaps.max() ?? 1) < 2e-5, "\(gaps.max() ?? 1)")
    for tensor in state.parameters.tensors() {
        let norm = frobeniusNorm(state.parameters[keyPath: tensor.path])
        #expect(abs(norm - (try fixture.expected["norms"][tensor.name].number())) < 1e-4, "\(tensor.name)")
    }
    let logits = fixture.testLogits(method.classifier(state.parameters))
    #expect(largestDifference(logits, try fixture.expected["logits"].matrix()) < 1e-4)
}

@Test func tipXMapsTheGoldenRangesOntoEachOther() throws {
    let fixture = try GoldenFixture("tip-x")
    let method = try fixture.method(TipX.self, ["search_step": [4, 2, 2]])
    var classifier = try fixture.searched(method, by: .grid).classifier
    let bridge = try #require(classifier[ClassBridge.self])
    let kl = try fixture.expected["divergence_range"].numbers()
    let affinity = try fixture.expected["affinity_range"].numbers()
    let slope = (affinity[1] - affinity[0]) / (kl[1] - kl[0])
    #expect(abs(Double(bridge.slope) - slope) < 1e-3 * slope)
    classifier[CacheTerm.self]?.beta = 5
    classifier[CacheTerm.self]?.alpha = 2
    classifier[ClassBridge.self]?.gamma = 1
    #expect(largestDifference(fixture.testLogits(classifier), try fixture.expected["logits"].matrix()) < 1e-4)
    #expect(isClose(fixture.testAccuracy(classifier), try fixture.expected["test_accuracy"].number()))
}

@Test func tipXSearchesItsPublishedPoints() throws {
    let space = try TipX.Settings().searchSpace()
    #expect(space.betas[0] == 1 && abs(space.betas[199] - (1 + 199 * 49.0 / 200)) < 1e-12)
    #expect(space.alphas[0] == 0.1 && abs(space.alphas[19] - (0.1 + 19 * 49.9 / 20)) < 1e-12)
    #expect(space.gammas.count == 50 && abs(space.gammas[49] - (0.1 + 49 * 29.9 / 50)) < 1e-12)
    let fixture = try GoldenFixture("tip-x")
    let method = try fixture.method(TipX.self)
    let grid = try fixture.searched(method, by: .grid)
    #expect(try fixture.searched(method, by: .exact).accuracy >= grid.accuracy)
    // Of equals the least α comes first, then the least β, then the least γ.
    let validation = try Validation(fixture.validation)
    for (name, values) in [("alpha", space.alphas), ("beta", space.betas), ("gamma", space.gammas)] {
        guard let place = values.firstIndex(where: { abs($0 - number(grid, name)) < 1e-4 }), place > 0 else { continue }
        var before = grid.classifier
        switch name {
        case "alpha": before[CacheTerm.self]?.alpha = Float(values[place - 1])
        case "beta": before[CacheTerm.self]?.beta = Float(values[place - 1])
        default: before[ClassBridge.self]?.gamma = Float(values[place - 1])
        }
        #expect(try validation.score(before).accuracy < grid.accuracy, "\(name)")
    }
}

@Test func prokerIsTheGoldenRegression() throws {
    let fixture = try GoldenFixture("proker")
    for run in try fixture.expected["runs"].list() {
        let settings = try ["beta", "lambda"].map { ($0, SettingValue.number(try run[$0].number())) }
        let classifier = try fixture.method(Proker.self, Dictionary(uniqueKeysWithValues: settings)).initialClassifier()
        var logits = fixture.testLogits(classifier)
        scale(&logits, by: 0.01)
        #expect(largestDifference(logits, try run["logits"].matrix()) < 1e-5)
        #expect(isClose(fixture.testAccuracy(classifier), try run["test_accuracy"].number()))
        let values = try #require(classifier[CacheTerm.self]?.values)
        #expect(abs(frobeniusNorm(values) - (try run["coefficients_norm"].number())) < 1e-5)
    }
}

@Test func prokerSearchesItsGridPointByPoint() throws {
    let fixture = try GoldenFixture("proker")
    let method = try fixture.method(Proker.self, ["search_beta": [0.5, 3, 3], "search_lambda": [0.01, 1, 4]])
    let found = try fixture.searched(method, by: .grid)
    let validation = try Validation(fixture.validation)
    var best = (accuracy: -1.0, beta: 0.0, lambda: 0.0)
    for beta in [0.5, 1.75, 3] {
        for lambda in (0 ..< 4).map({ 0.01 + Double($0) * 0.33 }) {
            let point = try fixture.method(Proker.self, ["beta": .number(beta), "lambda": .number(lambda)])
            let accuracy = try validation.score(point.initialClassifier()).accuracy
            if accuracy > best.accuracy { best = (accuracy, beta, lambda) }
        }
    }
    #expect(isClose(found.accuracy, best.accuracy))
    #expect(abs(number(found, "beta") - best.beta) < 1e-5)
    #expect(abs(number(found, "lambda") - best.lambda) < 1e-5)
}

@Test func prokerLeavesOutViewsBeyondItsSamples() throws {
    let fixture = try GoldenFixture("proker")
    for (limit, expected) in [(1, 20), (40, 40), (59, 40), (60, 60), (2048, 60)] {
        let method = try fixture.method(Proker.self, ["samples": .number(Double(limit))])
        let cache = try #require(try method.initialClassifier()[CacheTerm.self])
        #expect(cache.keys.rows == expected && cache.values?.rows == expected)
    }
}
