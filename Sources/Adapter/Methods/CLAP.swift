public import Core
internal import Kernels

/// CLAP: a linear probe that starts at the class texts, with a penalty on leaving them where zero-shot CLIP is
/// accurate.
///
///     p_c = norm(w_c)    z = σ·f·pᵀ    L = CE + 1/C·Σ_c λ_c·‖w_c − t0_c‖²
///     dw_c = (dp_c − (dp_c·p_c)p_c)/‖w_c‖ + 2λ_c(w_c − t0_c)/C,   dp = σ·gᵀf
///
/// w starts at t0, the mean prompts as the encoder gave them. λ_c is the mean zero-shot probability of class c over the
/// augmented views of its items. Silva-Rodríguez et al., CVPR 2024, its constraint `l2`: validation is not used, by
/// design.
public typealias CLAP = TextProbe<ZeroShotConstraint>

/// ZS-LP: a linear probe that starts at the class texts, ``CLAP`` without its constraint.
///
/// Silva-Rodríguez et al., CVPR 2024; likewise without validation by design.
public typealias ZSLP = TextProbe<NoConstraint>

/// The penalty that holds a ``TextProbe`` to the class texts.
public protocol TextConstraint: Sendable {
    /// The name and traits of the probe with this constraint.
    static var traits: MethodTraits { get }
    /// Whether λ_c is the mean probability of class c by zero-shot CLIP over its items; otherwise there is no penalty.
    static var holds: Bool { get }
}

/// The penalty where zero-shot CLIP is accurate.
public enum ZeroShotConstraint: TextConstraint {
    /// The traits of ``CLAP``.
    public static let traits = MethodTraits(
        name: "clap", summary: "a linear probe held to the class texts where zero-shot CLIP is accurate",
        epoch: .lastEpochByDesign, readsTextLengths: true)
    /// True.
    public static let holds = true
}

/// No penalty.
public enum NoConstraint: TextConstraint {
    /// The traits of ``ZSLP``.
    public static let traits = MethodTraits(
        name: "zs-lp", summary: "a linear probe that starts at the class texts", epoch: .lastEpochByDesign,
        readsTextLengths: true)
    /// False.
    public static let holds = false
}

/// The settings of ``CLAP`` and ``ZSLP``, which are the same for all data sets and shots.
public struct TextProbeSettings: TrainingSettings {
    /// The length of prompts that were given as unit rows; OpenAI's encoders give about 10.
    public var text_length: Float = 10
    /// The base learning rate.
    public var lr: Float = 0.1
    /// The momentum of SGD.
    public var momentum: Float = 0.9
    /// The decay added to the gradient.
    public var weight_decay: Float = 0
    /// The number of epochs.
    public var epochs = 300
    /// Items per step.
    public var batch_size = 256
    /// The published settings.
    public init() {}
}

/// Class vectors that start at the texts: ``CLAP`` and ``ZSLP``.
public struct TextProbe<Constraint: TextConstraint>: TrainedMethod {
    /// The settings.
    public typealias Settings = TextProbeSettings

    package struct Parameters: ParameterSet {
        var prototypes: Matrix  // w [C×D]
        package func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("prototypes", \.prototypes)] }
    }

    /// The method's name and traits.
    public static var traits: MethodTraits { Constraint.traits }
    package var schedule: Schedule {
        settings.schedule(.sgd(SGD(momentum: settings.momentum, weightDecay: settings.weight_decay)), rate: .dassl)
    }

    private let settings: Settings
    private let base: Matrix  // t0 [C×D]
    private let logitScale: Float  // σ
    package let multipliers: [Float]?  // λ [C]

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let text = try Self.requiredText(task)
        self.settings = settings
        base = text.rawMeans(length: settings.text_length)
        logitScale = text.logitScale
        let support = try task.requiredSupport(Self.name)
        let start = TextTerm(normalizeRows(base).unit, scale: logitScale)
        multipliers = Constraint.holds ? try ownProbabilities(of: support, text: start) : nil
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(prototypes: base)
    }

    package func classifier(_ p: Parameters) -> Classifier {
        Classifier(TextTerm(normalizeRows(p.prototypes).unit, scale: logitScale))
    }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let f = batch.features
        let (t, norms) = normalizeRows(p.prototypes)
        var z = product(f, t, transposingB: true, scale: logitScale)
        let value = crossEntropyGradient(&z, labels: batch.labels)

        var dw = product(z, f, transposingA: true, scale: logitScale)
        normalizeRowsGradient(&dw, unit: t, norms: norms)
        guard let multipliers else { return Loss(value, gradient: ["prototypes": .matrix(dw)]) }
        let classes = Float(base.rows)
        var pull = p.prototypes
        add(base, scale: -1, to: &pull)  // w − t0
        let way = pull
        scaleRows(&pull, by: multipliers.map { 2 * $0 / classes })
        add(pull, to: &dw)
        // Σ_c λ_c‖w_c − t0_c‖²/C is half of (w − t0)·pull.
        let penalty = zip(way.elements, pull.elements).reduce(0.0) { $0 + Double($1.0 * $1.1) } / 2
        return Loss(value, [("penalty", penalty)], gradient: ["prototypes": .matrix(dw)])
    }
}

/// The mean zero-shot probability [C] of each class over the augmented views of its items.
private func ownProbabilities(of support: Support, text: TextTerm) throws(Fault) -> [Float] {
    var sums = [Double](repeating: 0, count: support.classCount)
    var counts = sums
    for view in support.augmentedViews {
        var probabilities = product(
            try support.batch(view: view), text.embeddings, transposingB: true, scale: text.scale)
        softmaxRows(&probabilities)
        for (item, label) in support.labels.enumerated() {
            sums[label] += Double(probabilities[item, label])
            counts[label] += 1
        }
    }
    return zip(sums, counts).map { $1 > 0 ? Float($0 / $1) : 0 }
}
