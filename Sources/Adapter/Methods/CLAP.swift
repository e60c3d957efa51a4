public import Core
public import Kernels

/// CLAP: a linear probe that starts at the class texts and is held to them as far as zero-shot CLIP is right.
///
///     p_c = norm(w_c)    z = 100·f·pᵀ    L = CE + 1/C·Σ_c λ_c·‖w_c − t0_c‖²
///     dw_c = (dp_c − (dp_c·p_c)p_c)/‖w_c‖ + 2λ_c(w_c − t0_c)/C,   dp = 100·gᵀf
///
/// w starts at t0, the mean prompts as the encoder gave them. λ_c is the mean probability that zero-shot CLIP gives the own
/// class of the class's items, over all augmented views, computed once. Silva-Rodríguez et al., "A closer look at the
/// few-shot adaptation of large vision-language models", CVPR 2024, its constraint `l2`: no validation part is used, by
/// design, and the last epoch is taken. SGD, a rate an epoch after one epoch at 1e-5. Ours: an epoch takes one view of
/// every item, where the published one draws as many batches from all 20 views together.
public struct CLAP: TrainedMethod {
    public typealias Settings = TextProbeSettings
    public typealias Parameters = TextProbe.Parameters
    public static let name = "clap"
    public static let summary = "a linear probe from the class texts, held to them where zero-shot CLIP is right"
    public static let needsText = true
    public static let readsLengths = Lengths.text
    public static let choosesEpoch = false
    public var schedule: Schedule { probe.schedule }
    private let probe: TextProbe

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let base = try Self.requiredText(task).rawMeans(length: settings.text_length)
        let multipliers = try ownProbabilities(of: task.requiredSupport(Self.name), text: base)
        probe = TextProbe(settings, base: base, multipliers: multipliers)
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters { probe.start }
    public func classifier(_ p: Parameters) -> Classifier { probe.classifier(p) }
    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) { probe.loss(f, labels: labels, p) }

    /// λ [C].
    package var multipliers: [Float] { probe.multipliers ?? [] }
}

/// ZS-LP: a linear probe that starts at the class texts, ``CLAP`` without its constraint.
///
/// Silva-Rodríguez et al., CVPR 2024; like it without validation by design.
public struct ZSLP: TrainedMethod {
    public typealias Settings = TextProbeSettings
    public typealias Parameters = TextProbe.Parameters
    public static let name = "zs-lp"
    public static let summary = "a linear probe that starts at the class texts"
    public static let needsText = true
    public static let readsLengths = Lengths.text
    public static let choosesEpoch = false
    public var schedule: Schedule { probe.schedule }
    private let probe: TextProbe

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        _ = try task.requiredSupport(Self.name)
        let base = try Self.requiredText(task).rawMeans(length: settings.text_length)
        probe = TextProbe(settings, base: base, multipliers: nil)
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters { probe.start }
    public func classifier(_ p: Parameters) -> Classifier { probe.classifier(p) }
    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) { probe.loss(f, labels: labels, p) }
}

/// The settings of ``CLAP`` and ``ZSLP``, the same for every data set and number of shots.
public struct TextProbeSettings: MethodSettings {
    /// The length that prompts are taken to have where they came as unit rows; the encoder gave them about 10.
    public var text_length: Float = 1
    public var lr: Float = 0.1
    public var momentum: Float = 0.9
    public var weight_decay: Float = 0
    public var epochs = 300
    public var batch_size = 256
    public init() {}

    public func check() throws(Fault) {
        try require("text_length", text_length, in: 1e-3 ... 1e3)
        try require("momentum", momentum, in: 0 ... 0.9999)
        try Schedule.check(lr: lr, epochs: epochs, batchSize: batch_size, decay: weight_decay, epsilon: 1e-8)
    }
}

/// Class vectors that start at the texts: what ``CLAP`` and ``ZSLP`` share.
public struct TextProbe: Sendable {
    public struct Parameters: ParameterSet {
        public var prototypes: Matrix  // w [C×D]
        public func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("prototypes", \.prototypes)] }
    }

    private let settings: TextProbeSettings
    private let base: Matrix  // t0 [C×D]
    let multipliers: [Float]?  // λ [C]

    init(_ settings: TextProbeSettings, base: Matrix, multipliers: [Float]?) {
        (self.settings, self.base, self.multipliers) = (settings, base, multipliers)
    }

    var start: Parameters { Parameters(prototypes: base) }

    var schedule: Schedule {
        Schedule(
            epochs: settings.epochs, batchSize: settings.batch_size, learningRate: settings.lr,
            optimizer: .sgd(SGD(momentum: settings.momentum, weightDecay: settings.weight_decay)), rate: .dassl)
    }

    func classifier(_ p: Parameters) -> Classifier {
        Classifier(text: normalizeRows(p.prototypes).unit, classCount: base.rows)
    }

    func loss(_ f: Matrix, labels: [Int], _ p: Parameters) -> (loss: Loss, gradient: Parameters.Gradient) {
        let (t, norms) = normalizeRows(p.prototypes)
        var z = product(f, t, transposingB: true, scale: 100)
        var terms = [("cross_entropy", crossEntropyGradient(&z, labels: labels))]

        var dw = product(z, f, transposingA: true, scale: 100)
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

/// The mean probability [C] of the own class by zero-shot CLIP over all augmented views of each class's items.
private func ownProbabilities(of support: Support, text: Matrix) throws(Fault) -> [Float] {
    let t = normalizeRows(text).unit
    var sums = [Double](repeating: 0, count: support.classCount)
    var counts = sums
    for view in support.augmentedViews {
        var features = try support.raw(view: view)
        normalizeRows(&features)
        var probabilities = product(features, t, transposingB: true, scale: 100)
        softmaxRows(&probabilities)
        for (item, label) in support.labels.enumerated() {
            sums[label] += Double(probabilities[item, label])
            counts[label] += 1
        }
    }
    return zip(sums, counts).map { $1 > 0 ? Float($0 / $1) : 0 }
}
