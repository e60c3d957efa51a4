public import Core
public import Kernels

/// CLAP: a linear probe that starts at the class texts, with a penalty on leaving them where zero-shot CLIP is
/// accurate.
///
///     p_c = norm(w_c)    z = σ·f·pᵀ    L = CE + 1/C·Σ_c λ_c·‖w_c − t0_c‖²
///     dw_c = (dp_c − (dp_c·p_c)p_c)/‖w_c‖ + 2λ_c(w_c − t0_c)/C,   dp = σ·gᵀf
///
/// w starts at t0, the mean prompts as the encoder gave them. λ_c is the mean zero-shot probability of class
/// c over the augmented views of its items, computed once. Silva-Rodríguez et al., "A closer look at the
/// few-shot adaptation of large vision-language models", CVPR 2024, its constraint `l2`: no validation part is used, by
/// design, and the last epoch is taken. SGD, with one rate per epoch after one epoch at 1e-5. Departure: an epoch
/// takes one view of every item; the published one samples as many batches from all 20 views.
public typealias CLAP = TextProbe<ZeroShotConstraint>

/// ZS-LP: a linear probe that starts at the class texts, ``CLAP`` without its constraint.
///
/// Silva-Rodríguez et al., CVPR 2024; likewise without validation by design.
public typealias ZSLP = TextProbe<NoConstraint>

/// The penalty that holds a ``TextProbe`` to the class texts.
public protocol TextConstraint: Sendable {
    /// The name of the probe with this constraint.
    static var methodName: String { get }
    /// One sentence about the probe with this constraint.
    static var methodSummary: String { get }
    /// λ [C] for few-shot items and the start of the class vectors; nil for no penalty.
    static func multipliers(_ support: Support, start: TextTerm) throws(Fault) -> [Float]?
}

/// λ_c is the mean probability of class c by zero-shot CLIP over its items.
public enum ZeroShotConstraint: TextConstraint {
    public static let methodName = "clap"
    public static let methodSummary = "a linear probe held to the class texts where zero-shot CLIP is accurate"

    public static func multipliers(_ support: Support, start: TextTerm) throws(Fault) -> [Float]? {
        try ownProbabilities(of: support, text: start)
    }
}

/// No penalty.
public enum NoConstraint: TextConstraint {
    public static let methodName = "zs-lp"
    public static let methodSummary = "a linear probe that starts at the class texts"
    public static func multipliers(_ support: Support, start: TextTerm) -> [Float]? { nil }
}

/// The settings of ``CLAP`` and ``ZSLP``, which are the same for all data sets and shots.
public struct TextProbeSettings: TrainingSettings {
    /// The length assumed for prompts that were given as unit rows; CLIP's encoder gives about 10.
    public var text_length: Float = 1
    public var lr: Float = 0.1
    /// The momentum of SGD.
    public var momentum: Float = 0.9
    public var weight_decay: Float = 0
    public var epochs = 300
    public var batch_size = 256
    public init() {}

    public func check() throws(Fault) {
        try require("text_length", text_length, in: 1e-3 ... 1e3)
        try require("momentum", momentum, in: 0 ... 0.9999)
        try checkTraining()
    }
}

/// Class vectors that start at the texts: ``CLAP`` and ``ZSLP``.
public struct TextProbe<Constraint: TextConstraint>: TrainedMethod {
    public typealias Settings = TextProbeSettings

    public struct Parameters: ParameterSet {
        public var prototypes: Matrix  // w [C×D]
        public func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("prototypes", \.prototypes)] }
    }

    public static var name: String { Constraint.methodName }
    public static var summary: String { Constraint.methodSummary }
    public static var needsText: Bool { true }
    public static var readsLengths: Lengths { .text }
    public static var choosesEpoch: Bool { false }
    public var schedule: Schedule {
        settings.schedule(.sgd(SGD(momentum: settings.momentum, weightDecay: settings.weight_decay)), rate: .dassl)
    }

    private let settings: Settings
    private let base: Matrix  // t0 [C×D]
    private let logitScale: Float  // σ
    package let multipliers: [Float]?  // λ [C]

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let text = try Self.requiredText(task)
        self.settings = settings
        base = text.rawMeans(length: settings.text_length)
        logitScale = text.logitScale
        let start = TextTerm(normalizeRows(base).unit, scale: logitScale)
        multipliers = try Constraint.multipliers(task.requiredSupport(Self.name), start: start)
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(prototypes: base)
    }

    public func classifier(_ p: Parameters) -> Classifier {
        Classifier(TextTerm(normalizeRows(p.prototypes).unit, scale: logitScale), classCount: base.rows)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let (t, norms) = normalizeRows(p.prototypes)
        var z = product(f, t, transposingB: true, scale: logitScale)
        var terms = [("cross_entropy", crossEntropyGradient(&z, labels: labels))]

        var dw = product(z, f, transposingA: true, scale: logitScale)
        normalizeRowsGradient(&dw, unit: t, norms: norms)
        if let multipliers {
            let classes = Float(base.rows)
            var pull = p.prototypes
            add(base, scale: -1, to: &pull)  // w − t0
            let way = pull
            scaleRows(&pull, by: multipliers.map { 2 * $0 / classes })
            add(pull, to: &dw)
            // Σ_c λ_c‖w_c − t0_c‖²/C is half of (w − t0)·pull.
            terms.append(("penalty", zip(way.elements, pull.elements).reduce(0.0) { $0 + Double($1.0 * $1.1) } / 2))
        }
        return (Loss(terms), ["prototypes": .matrix(dw)])
    }
}

/// The mean zero-shot probability [C] of each class over the augmented views of its items.
private func ownProbabilities(of support: Support, text: TextTerm) throws(Fault) -> [Float] {
    var sums = [Double](repeating: 0, count: support.classCount)
    var counts = sums
    for view in support.augmentedViews {
        var features = try support.raw(view: view)
        normalizeRows(&features)
        var probabilities = product(features, text.embeddings, transposingB: true, scale: text.scale)
        softmaxRows(&probabilities)
        for (item, label) in support.labels.enumerated() {
            sums[label] += Double(probabilities[item, label])
            counts[label] += 1
        }
    }
    return zip(sums, counts).map { $1 > 0 ? Float($0 / $1) : 0 }
}
