public import Core
public import Kernels

/// Cluster-Adapter: every cached shot is a trainable prototype, channels are weighed, texts are tuned.
///
/// With keys C [M×D], class texts `base` [C×D] and parameters B [M×D], w [D], s [M], b [C×D],
///
///     x = norm(f∘relu(w)^iw)    p_k = norm(C_k + B_k)    ŝ_k = d_k·relu(s_k)³    t = norm(base + b)
///     a_bk = exp(β(ŝ_k·x_b·p_k − 1))        z = 100·f·tᵀ + α·Σ_{k of c} a
///     L = CE + ls1·R₁ + ls2·R_in + ls3·R₂
///
/// R₁ spreads prototypes of different classes, R_in those of one class, R₂ the texts; only their key side has a
/// gradient. One dropout mask d over the prototypes a step, shared by the batch: a dropped one counts exp(−β).
/// TPAMI 2024, doi 10.1109/TPAMI.2024.3460180; `main.py` and `utils.py` of its repository, whose quirks are kept:
/// a masked pair still adds exp(0) to its sum, pairs once below the margin stay out for good, and the second half of the
/// text is only the last group of sentences. Masks follow the class of each key, not its position, so that classes may have
/// any number of prototypes: with the setting `prototypes` they start at k-means centres instead of at the shots.
public struct ClusterAdapter: TrainedMethod, CacheMethod {
    public struct Parameters: ParameterSet {
        public var bias: Matrix  // B [M×D]
        public var weight: Matrix  // w [1×D]
        public var scale: Matrix  // s [1×M]
        public var textBias: Matrix  // b [C×D]
        public var openPairs: Matrix  // [M×K], see ``OpenPairs``
        let textRate: Float
        let imageRate: Float

        public func tensors() -> [ParameterTensor<Self>] {
            [
                ParameterTensor("bias", \.bias, rate: imageRate), ParameterTensor("weight", \.weight, rate: imageRate),
                ParameterTensor("scale", \.scale, rate: imageRate),
                ParameterTensor("text_bias", \.textBias, rate: textRate),
                ParameterTensor("open_pairs", \.openPairs, rate: nil),
            ]
        }
    }

    public static let name = "cluster-adapter"
    public static let summary = "trainable prototypes, spread by three InfoNCE terms, beside tuned texts"
    public static let needsText = true
    public let searchSpace: SearchSpace
    public static let published = PublishedChoice.bestEpochNoted
    public var schedule: Schedule {
        Schedule(
            epochs: settings.epochs, batchSize: settings.batch_size, learningRate: settings.lr,
            optimizer: .adamW(AdamW(weightDecay: settings.weight_decay, epsilon: settings.eps)))
    }

    private let settings: Settings
    private let keys: Matrix  // C [M×D]
    private let base: Matrix  // [C×D]
    private let owners: KeyOwners
    private let precision: Precision

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try SearchSpace(scale: settings.search_scale, steps: settings.search_step)
        let slots = try Self.requiredText(task).slots()
        self.settings = settings
        let support = try task.requiredSupport(Self.name)
        (keys, owners) = try Self.anchors(of: support, count: settings.prototypes)
        precision = settings.precision.resolved(prototypes: owners.count)
        // The mean of all slots but the last, not normalised, mixed with the last.
        var mixed = Matrix.zeros(slots[0].rows, slots[0].columns)
        for slot in slots.dropLast() { add(slot, scale: settings.ta / Float(slots.count - 1), to: &mixed) }
        add(slots[slots.count - 1], scale: 1 - settings.ta, to: &mixed)
        base = mixed
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(
            bias: .zeros(keys.rows, keys.columns),
            weight: Matrix([Float](repeating: 1, count: keys.columns), rows: 1, columns: keys.columns),
            scale: Matrix([Float](repeating: 1, count: keys.rows), rows: 1, columns: keys.rows),
            textBias: .zeros(base.rows, base.columns), openPairs: OpenPairs(owners).mask,
            textRate: settings.lr2, imageRate: settings.lr1)
    }

    /// Prototypes times their scales are the keys; no dropout.
    public func classifier(_ p: Parameters) -> Classifier {
        var prototypes = prototypes(p).unit
        scaleRows(&prototypes, by: keyScales(p, mask: nil))
        var cache = Classifier.Cache(keys: prototypes, owners: owners, alpha: settings.alpha, beta: settings.beta)
        cache.channelWeights = Matrix(channelWeights(p), rows: 1, columns: keys.columns)
        return Classifier(text: texts(p).unit, cache: cache, classCount: owners.classCount)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let (α, β) = (settings.alpha, settings.beta)
        let d = dropoutMask(using: &generator)
        let (t, textNorms) = texts(p)
        let (unit, prototypeNorms) = prototypes(p)
        let prototypes = Prototypes(unit, precision: precision)
        var v = f
        scaleColumns(&v, by: channelWeights(p))
        let (x, queryNorms) = normalizeRows(v)
        let ŝ = keyScales(p, mask: d)

        let s = prototypes.similarities(of: x)  // [B×M]
        var a = s
        scaleColumns(&a, by: ŝ)
        var z = product(f, t, transposingB: true, scale: 100)
        addCacheLogits(&a, owners: owners, alpha: α, beta: β, to: &z)
        let crossEntropy = crossEntropyGradient(&z, labels: labels)

        cacheLogitsGradient(&a, owners: owners, logitsGradient: z, alpha: α, beta: β)  // a is now h
        let dŝ = columnDots(a, s)
        scaleColumns(&a, by: ŝ)  // h∘ŝ
        var dv = prototypes.combinations(a)
        normalizeRowsGradient(&dv, unit: x, norms: queryNorms)
        var dP = product(a, x, transposingA: true, precision: precision)
        var dt = product(z, f, transposingA: true, scale: 100)
        let spread = spread(prototypes, t, &p, addingGradientTo: &dP, &dt)
        normalizeRowsGradient(&dP, unit: unit, norms: prototypeNorms)
        normalizeRowsGradient(&dt, unit: t, norms: textNorms)
        return (
            Loss([("cross_entropy", crossEntropy)] + spread),
            [
                "bias": .matrix(dP), "weight": .matrix(channelGradient(columnDots(f, dv), p)),
                "scale": .matrix(scaleGradient(dŝ, p, mask: d)), "text_bias": .matrix(dt),
            ]
        )
    }

    /// The three InfoNCE terms, weighed.
    private func spread(
        _ prototypes: Prototypes, _ t: Matrix, _ p: inout Parameters, addingGradientTo dP: inout Matrix,
        _ dt: inout Matrix
    ) -> [(name: String, value: Double)] {
        let s = settings
        let between = betweenClassInfoNCE(
            prototypes, owners: owners, temperature: s.t1, weight: s.ls1, addingGradientTo: &dP)
        var open = OpenPairs(mask: p.openPairs)
        let within = withinClassInfoNCE(
            prototypes.rows, owners: owners, temperature: s.t2, weight: s.ls2, margin: s.margin, open: &open,
            addingGradientTo: &dP)
        p.openPairs = open.mask
        let text = betweenClassInfoNCE(
            Prototypes(t, precision: .float32), owners: KeyOwners(Array(0 ..< t.rows), classCount: t.rows),
            temperature: s.t3, weight: s.ls3, addingGradientTo: &dt)
        return [
            ("between_class", Double(s.ls1) * between), ("within_class", Double(s.ls2) * within),
            ("text", Double(s.ls3) * text),
        ]
    }
}

extension ClusterAdapter {
    /// Where prototypes start, and their classes: the keys, or `count` centres a class.
    ///
    /// Centres are those of k-means over all augmented views of the class's items, normalised; a class with fewer views
    /// than `count` has one a view.
    private static func anchors(of support: Support, count: Int) throws(Fault) -> (keys: Matrix, owners: KeyOwners) {
        guard count > 0 else { return (try support.keys(), support.owners) }
        var (centres, owners): ([Matrix], [Int]) = ([], [])
        for (label, items) in support.owners.keysOfClass.enumerated() where !items.isEmpty {
            var (views, view) = ([Matrix](), Matrix.zeros(0, support.width))
            for index in support.augmentedViews {
                try support.batch(items, view: index, into: &view)
                views.append(view)
            }
            let samples = Matrix.stacked(views)
            // One seed for all, so that a class's centres do not depend on the classes before it.
            var generator = SeededGenerator(seed: 1)
            var found = kMeans(samples, clusters: min(count, samples.rows), using: &generator).centers
            normalizeRows(&found)
            centres.append(found)
            owners += [Int](repeating: label, count: found.rows)
        }
        return (.stacked(centres), KeyOwners(owners, classCount: support.classCount))
    }

    /// `p_k = norm(C_k + B_k)` [M×D] and the lengths.
    private func prototypes(_ p: Parameters) -> (unit: Matrix, norms: [Float]) {
        var c = sum(keys, p.bias)
        let norms = normalizeRows(&c)
        return (c, norms)
    }

    /// `t = norm(base + b)` [C×D] and the lengths.
    private func texts(_ p: Parameters) -> (unit: Matrix, norms: [Float]) {
        var u = sum(base, p.textBias)
        let norms = normalizeRows(&u)
        return (u, norms)
    }

    /// `ω = relu(w)^iw` [D].
    private func channelWeights(_ p: Parameters) -> [Float] {
        p.weight.elements.map { power(max($0, 0), settings.iw) }
    }

    /// The gradient of w: `iw·relu(w)^(iw−1) ∘ dω`.
    private func channelGradient(_ dω: [Float], _ p: Parameters) -> Matrix {
        let slope = p.weight.elements.map { Float(settings.iw) * power(max($0, 0), settings.iw - 1) }
        return Matrix(zip(slope, dω).map { $0 * $1 }, rows: 1, columns: dω.count)
    }

    /// `ŝ_k = d_k·relu(s_k)³` [M].
    private func keyScales(_ p: Parameters, mask: [Float]?) -> [Float] {
        let cubes = p.scale.elements.map { power(max($0, 0), 3) }
        guard let mask else { return cubes }
        return zip(cubes, mask).map { $0 * $1 }
    }

    /// The gradient of s: `3·d_k·relu(s_k)²·dŝ_k`.
    private func scaleGradient(_ dŝ: [Float], _ p: Parameters, mask: [Float]) -> Matrix {
        let elements = dŝ.indices.map { 3 * mask[$0] * power(max(p.scale.elements[$0], 0), 2) * dŝ[$0] }
        return Matrix(elements, rows: 1, columns: dŝ.count)
    }

    /// `d` [M]: 0 with the dropout's probability, else what keeps the mean at 1.
    private func dropoutMask(using generator: inout SeededGenerator) -> [Float] {
        let dropped = settings.dropout
        guard dropped > 0 else { return [Float](repeating: 1, count: keys.rows) }
        return (0 ..< keys.rows).map { _ in generator.uniform() < dropped ? 0 : 1 / (1 - dropped) }
    }
}
