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
        // Weights above one magnify the rounding errors of the discriminants.
        #expect(largestDifference(fixture.testLogits(classifier), try logits.matrix()) < 1e-4 * Float(max(1, alpha)))
        let linear = try #require(classifier[LinearTerm.self])
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

@Test func timoIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("timo")
    let method = try Timo(.init(), task: fixture.task)
    let grid = try fixture.searched(method, by: .grid)
    let text = try #require(grid.classifier[TextTerm.self]).embeddings
    #expect(largestDifference(text, try fixture.expected["texts"].matrix()) < 1e-5)
    #expect(isClose(number(grid, "alpha"), try fixture.expected["chosen_alpha"].number()))
    #expect(isClose(grid.accuracy, try fixture.expected["val_accuracy"].number()))
    #expect(largestDifference(fixture.testLogits(grid.classifier), try fixture.expected["logits"].matrix()) < 1e-4)
    #expect(try fixture.searched(method, by: .exact).accuracy >= grid.accuracy)
}

@Test func timoSChoosesTheGoldenSharpnessAndNumberOfPrompts() throws {
    let fixture = try GoldenFixture("timo-s")
    let method = try TimoS(.init(), task: fixture.task)
    let grid = try fixture.searched(method, by: .grid)
    for (name, golden) in [("gamma", "chosen_gamma"), ("prompts", "chosen_count"), ("alpha", "chosen_alpha")] {
        #expect(isClose(number(grid, name), try fixture.expected[golden].number()), "\(name)")
    }
    #expect(isClose(grid.accuracy, try fixture.expected["val_accuracy"].number()))
    #expect(largestDifference(fixture.testLogits(grid.classifier), try fixture.expected["logits"].matrix()) < 1e-4)
    #expect(try fixture.searched(method, by: .exact).accuracy >= grid.accuracy)
}

@Test func timoWithChosenSettingsIsWhatTimoSFinds() throws {
    let fixture = try GoldenFixture("timo-s")
    let found = try fixture.searched(TimoS(.init(), task: fixture.task), by: .exact)
    var settings = Timo.Settings()
    settings.gamma = Float(number(found, "gamma"))
    settings.prompts = Int(number(found, "prompts"))
    settings.alpha = Float(number(found, "alpha"))
    let timo = try Timo(settings, task: fixture.task).initialClassifier()
    #expect(largestDifference(fixture.testLogits(timo), fixture.testLogits(found.classifier)) < 1e-5)
}

@Test func timoOfLargeWeightsHasTheSameChoicesAtAnotherScale() throws {
    let fixture = try GoldenFixture("timo")
    var logits: [Matrix] = []
    for alpha in [Float(100), 1000] {
        var settings = Timo.Settings()
        settings.alpha = alpha
        let classifier = try Timo(settings, task: fixture.task).initialClassifier()
        #expect(classifier[TextTerm.self]?.scale == 100)
        logits.append(fixture.testLogits(classifier))
    }
    // Logits at α = 1000 lack nine tenths of the discriminants, compared with those at α = 100.
    let linear = try #require(try Timo(.init(), task: fixture.task).initialClassifier()[LinearTerm.self])
    #expect(linear.weight == 0.1)
    let part = fixture.testLogits(Classifier(LinearTerm(weights: linear.weights, bias: linear.bias), classCount: 5))
    add(part, scale: 0.9, to: &logits[1])
    #expect(largestDifference(logits[0], logits[1]) < 1e-4)
}

@Test func theLinearProbeIsTheOptimumAtEachC() throws {
    let fixture = try GoldenFixture("linear-probe")
    let validation = try Validation(fixture.validation)
    for run in try fixture.expected["runs"].list() {
        var settings = LinearProbe.Settings()
        settings.C = Float(try run["C"].number())
        let classifier = try LinearProbe(settings, task: fixture.task).initialClassifier()
        let linear = try #require(classifier[LinearTerm.self])
        let norm = frobeniusNorm(linear.weights)
        let expected = try run["optimum"]["weight_norm"].number()
        #expect(abs(norm - expected) < 1e-3 * expected, "C \(settings.C): \(norm)")
        // A gradient norm of 1e-4 limits the logits to this precision.
        let logits = try run["optimum"]["logits"].matrix()
        let gap = largestDifference(fixture.testLogits(classifier), logits)
        #expect(gap < 2e-3 * (logits.elements.map(abs).max() ?? 0), "C \(settings.C): \(gap)")
        #expect(isClose(fixture.testAccuracy(classifier), try run["test_accuracy"].number()))
        #expect(isClose(try validation.score(classifier).accuracy, try run["val_accuracy"].number()))
    }
}

@Test func theLinearProbeChoosesAsThePublishedBisectionDoes() throws {
    let fixture = try GoldenFixture("linear-probe")
    let validation = try Validation(fixture.validation)
    func score(_ exponent: Double) throws -> Double {
        var settings = LinearProbe.Settings()
        settings.C = Float(pow(10, exponent))
        return try validation.score(LinearProbe(settings, task: fixture.task).initialClassifier()).accuracy
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
    let found = try fixture.searched(LinearProbe(.init(), task: fixture.task), by: .exact)
    #expect(abs(number(found, "C") - pow(10, winner)) < 1e-9 * pow(10, winner))
    #expect(found.classifier.readsRaw)
}

@Test func apeKeepsTheGoldenChannels() throws {
    let fixture = try GoldenFixture("ape")
    let classifier = try Ape(apeSettings(), task: fixture.task).initialClassifier()
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
    let method = try Ape(apeSettings(), task: fixture.task)
    let grid = try fixture.searched(method, by: .grid)
    let expected = try fixture.expected["search"]
    for name in ["beta", "alpha", "gamma"] {
        #expect(abs(number(grid, name) - (try expected[name].number())) < 1e-5, "\(name)")
    }
    #expect(isClose(grid.accuracy, try expected["val_accuracy"].number()))
    #expect(largestDifference(fixture.testLogits(grid.classifier), try expected["logits"].matrix()) < 1e-4)
    #expect(try fixture.searched(method, by: .exact).accuracy >= grid.accuracy)
}

/// 683 per 1024 channels give 16 of 24.
private func apeSettings() -> Ape.Settings {
    var settings = Ape.Settings()
    settings.beta = 5
    settings.alpha = 2
    settings.gamma = 0.5
    settings.training_free_feat_num = 683
    settings.w_training_free = [0.5, 0.5]
    settings.search_scale = .init(beta: 7, alpha: 7, gamma: 1)
    settings.search_step = .init(beta: 200, alpha: 20, gamma: 20)
    return settings
}

@Test func apeTHasTheGoldenLossAtEachStep() throws {
    let fixture = try GoldenFixture("ape-t")
    var settings = ApeT.Settings()
    settings.alpha = 1
    settings.beta = 1
    settings.training_feat_num = 683
    settings.lr = 1e-3
    settings.epochs = 12
    settings.batch_size = 8
    settings.precision = .float32
    let method = try ApeT(settings, task: fixture.task)
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
    var settings = TipX.Settings()
    settings.search_step = .init(beta: 4, alpha: 2, gamma: 2)
    var classifier = try fixture.searched(TipX(settings, task: fixture.task), by: .grid).classifier
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
    let space = try TipX.Settings().space()
    #expect(space.betas[0] == 1 && abs(space.betas[199] - (1 + 199 * 49.0 / 200)) < 1e-12)
    #expect(space.alphas[0] == 0.1 && abs(space.alphas[19] - (0.1 + 19 * 49.9 / 20)) < 1e-12)
    #expect(space.gammas.count == 50 && abs(space.gammas[49] - (0.1 + 49 * 29.9 / 50)) < 1e-12)
    let fixture = try GoldenFixture("tip-x")
    let method = try TipX(.init(), task: fixture.task)
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
        var settings = Proker.Settings()
        settings.beta = Float(try run["beta"].number())
        settings.lambda = Float(try run["lambda"].number())
        let classifier = try Proker(settings, task: fixture.task).initialClassifier()
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
    var settings = Proker.Settings()
    settings.search_beta = .init(from: 0.5, to: 3, count: 3)
    settings.search_lambda = .init(from: 0.01, to: 1, count: 4)
    let found = try fixture.searched(Proker(settings, task: fixture.task), by: .grid)
    let validation = try Validation(fixture.validation)
    var best: (accuracy: Double, beta: Float, lambda: Float) = (-1, 0, 0)
    for beta in [Float(0.5), 1.75, 3] {
        for lambda in (0 ..< 4).map({ 0.01 + Float($0) * 0.33 }) {
            settings.beta = beta
            settings.lambda = lambda
            let classifier = try Proker(settings, task: fixture.task).initialClassifier()
            let accuracy = try validation.score(classifier).accuracy
            if accuracy > best.accuracy { best = (accuracy, beta, lambda) }
        }
    }
    #expect(isClose(found.accuracy, best.accuracy))
    #expect(abs(number(found, "beta") - Double(best.beta)) < 1e-5)
    #expect(abs(number(found, "lambda") - Double(best.lambda)) < 1e-5)
}

@Test func prokerLeavesOutViewsBeyondItsSamples() throws {
    let fixture = try GoldenFixture("proker")
    var settings = Proker.Settings()
    for (limit, expected) in [(1, 20), (40, 40), (59, 40), (60, 60), (2048, 60)] {
        settings.samples = limit
        let cache = try #require(try Proker(settings, task: fixture.task).initialClassifier()[CacheTerm.self])
        #expect(cache.keys.rows == expected && cache.values?.rows == expected)
    }
}
