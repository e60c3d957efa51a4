public import Core
package import Kernels

/// LP++: a linear probe that blends its weights with the class texts, with one learned weight per class.
///
///     z_c = f·W_c + b_c + α_c·(f·T_c)
///     dW = gᵀf    db = Σ g    dα_c = (gᵀf)_c·T_c
///
/// The batch is all items, always in the first augmented view, at rates that follow from the data: 4M/λmax(FᵀF) for W
/// and b, M/(4·max_c Σ_i (f_i·T_c)²) for α. W starts at each class's sum of features. α stands for the logit scale of
/// other methods. Huang et al., CVPR 2024; `linear_probe_p2.py`, where every tenth iteration moves α by the sum of all
/// its gradients since the first.
public struct LPPlusPlus: TrainedMethod {
    /// The settings of `linear_probe_p2.py`.
    public struct Settings: MethodSettings {
        /// Iterations over the whole batch.
        public var epochs = 300
        /// The momentum of SGD.
        public var momentum: Float = 0.9
        /// Iterations per step of α.
        public var alpha_interval = 10
        /// The initial α as a multiple of the items' mean similarity with the texts of their classes.
        public var initial_alpha: Float = 250
        /// Whether a step of α uses the sum of its gradients since the first iteration.
        public var accumulate = true
        /// The published settings.
        public init() {}
    }

    package struct Parameters: ParameterSet {
        var weight: Matrix  // W [C×D]
        var bias: Matrix  // b [1×C]
        package var alphas: Matrix  // α [1×C]
        var gathered: Matrix  // Σ dα [1×C]
        var iterations = Matrix.zeros(1, 1)

        package func tensors() -> [ParameterTensor<Self>] {
            [
                ParameterTensor("weight", \.weight), ParameterTensor("bias", \.bias),
                ParameterTensor("alphas", \.alphas, rate: nil), ParameterTensor("gathered", \.gathered, rate: nil),
                ParameterTensor("iterations", \.iterations, rate: nil),
            ]
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "lp-plus-plus",
        summary: "a linear probe blended with the class texts, at rates that follow from the data",
        epoch: .bestValidationEpoch(ofEquals: .last), validation: .init(size: .shots, substitute: .train))
    package let schedule: Schedule

    private let settings: Settings
    private let text: Matrix  // T [C×D]
    private let start: Matrix  // [C×D]
    private let initialAlpha: Float
    private let alphaRate: Float

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let text = try Self.requiredText(task).classifier
        let support = try task.requiredSupport(Self.name)
        self.settings = settings
        self.text = text
        let features = try support.batch(view: support.augmentedViews[0])
        start = classSums(features, labels: support.labels, classCount: text.rows)
        let similarities = product(features, text, transposingB: true)
        initialAlpha = settings.initial_alpha * meanOwn(similarities, labels: support.labels)
        let steepest = columnDots(similarities, similarities).max() ?? 1
        alphaRate = Float(support.count) / (4 * steepest)
        schedule = Schedule(
            epochs: settings.epochs, batchSize: support.count,
            learningRate: Float(4 * Double(support.count) / largestEigenvalue(ofGramOf: features)),
            optimizer: .sgd(SGD(momentum: settings.momentum, weightDecay: 0)), rate: .constant, views: .first)
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        let zero = Matrix.zeros(1, text.rows)
        let alphas = Matrix(row: [Float](repeating: initialAlpha, count: text.rows))
        return Parameters(weight: start, bias: zero, alphas: alphas, gathered: zero)
    }

    package func classifier(_ p: Parameters) -> Classifier {
        Classifier(LinearTerm(weights: blended(p), bias: p.bias.elements))
    }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let f = batch.features
        var z = product(f, blended(p), transposingB: true)
        addRow(p.bias.elements, to: &z)
        let value = crossEntropyGradient(&z, labels: batch.labels)

        let dW = product(z, f, transposingA: true)
        stepAlphas(rowDots(dW, text), &p)
        return Loss(value, gradient: ["weight": .matrix(dW), "bias": .matrix(Matrix(row: columnSums(z)))])
    }

    /// `W + α∘T` [C×D]: z is linear in f, so one product suffices.
    private func blended(_ p: Parameters) -> Matrix {
        var blend = text
        scaleRows(&blend, by: p.alphas.elements)
        add(p.weight, to: &blend)
        return blend
    }

    /// Counts the iteration, and moves α every `alpha_interval` iterations.
    private func stepAlphas(_ dα: [Float], _ p: inout Parameters) {
        let gradient = Matrix(row: dα)
        if settings.accumulate { add(gradient, to: &p.gathered) } else { p.gathered = gradient }
        p.iterations[0, 0] += 1
        guard Int(p.iterations[0, 0]) % settings.alpha_interval == 0 else { return }
        add(p.gathered, scale: -alphaRate, to: &p.alphas)
    }
}

/// The mean over classes of the mean similarity between their items and their text.
private func meanOwn(_ similarities: Matrix, labels: [Int]) -> Float {
    var sums = [Double](repeating: 0, count: similarities.columns)
    var counts = sums
    for (i, label) in labels.enumerated() {
        sums[label] += Double(similarities[i, label])
        counts[label] += 1
    }
    let means = zip(sums, counts).filter { $1 > 0 }.map { $0 / $1 }
    return Float(means.reduce(0, +) / Double(max(1, means.count)))
}

/// `a_i·b_i` for each row of two [N×D] matrices.
private func rowDots(_ a: Matrix, _ b: Matrix) -> [Float] {
    let width = a.columns
    return (0 ..< a.rows).map { a.span.row($0, width: width).dot(b.span.row($0, width: width)) }
}
