import Core
import Kernels
import TestSupport
import Testing

// Expected values: torch 2.13, parameters [1, -2, 0.5], gradients [0.1, -0.2, 0.3] then [0.3, 0.1, -0.1]; see
// Tests/Fixtures/make_optimizer_values.py.
private let gradients: [[Float]] = [[0.1, -0.2, 0.3], [0.3, 0.1, -0.1]]

@Test(arguments: [
    (Optimizer.adamW(AdamW(weightDecay: 0.01, epsilon: 1e-4)), adamWValues),
    (Optimizer.adam(Adam(weightDecay: 0.1, epsilon: 1e-4)), adamValues), (Optimizer.sgd(SGD()), sgdValues),
])
func anyOptimizerStepsAsPyTorchSteps(optimizer: Optimizer, expected: [Float]) {
    // Nineteen copies: one whole vector and a remainder.
    var p = Matrix((0 ..< 19).flatMap { _ in [1, -2, 0.5] }, rows: 19, columns: 3)
    var state = Optimizer.State(like: p)
    for (step, gradient) in gradients.enumerated() {
        let gradient = Matrix((0 ..< 19).flatMap { _ in gradient }, rows: 19, columns: 3)
        optimizer.update(
            &p, gradient: .matrix(gradient), state: &state, learningRate: 0.05, step: step + 1)
    }
    for row in 0 ..< 19 {
        #expect(zip(p.row(row), expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(p.row(row))")
    }
}

@Test func theDecayThatAdamWTakesApartIsPartOfAdamsGradient() {
    var p = Matrix([2], rows: 1, columns: 1)
    var state = Optimizer.State(like: p)
    Optimizer.adam(Adam(weightDecay: 0.5)).update(
        &p, gradient: .matrix(.zeros(1, 1)), state: &state, learningRate: 0.25, step: 1)
    // The first step is of the learning rate's size, whatever the gradient.
    #expect(abs(p[0, 0] - 1.75) < 1e-6)
    #expect(abs(state.first[0, 0] - 0.1) < 1e-6)
}

@Test func aGradientThatIsAProductStepsAsItsMatrix() {
    var generator = SeededGenerator(seed: 31)
    let h = randomMatrix(20, 300, using: &generator)
    let x = randomMatrix(20, 33, using: &generator)
    let start = randomMatrix(300, 33, using: &generator)
    let product = TensorGradient.product(h, x)
    let steps = [product, .matrix(product.matrix)].map { gradient in
        var p = start
        var state = Optimizer.State(like: p)
        Optimizer.adamW(AdamW()).update(&p, gradient: gradient, state: &state, learningRate: 0.1, step: 1)
        return p.elements
    }
    #expect(zip(steps[0], steps[1]).allSatisfy { abs($0 - $1) < 1e-4 })
}

private let adamWValues: [Float] = [0.903_206_53, -1.934_741_97, 0.429_539_77]
private let adamValues: [Float] = [0.901_714_62, -1.908_829_69, 0.422_707_41]
private let sgdValues: [Float] = [0.975_427_57, -1.985_855_22, 0.476_464_12]
