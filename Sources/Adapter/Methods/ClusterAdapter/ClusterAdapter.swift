public import Core
package import Kernels

/// Cluster-Adapter: every cached shot is a trained prototype; channel weights and texts are trained too.
///
/// With keys C [M×D], class texts `base` [C×D] and parameters B [M×D], w [D], s [M], b [C×D],
///
///     x = norm(f∘relu(w)^iw)    p_k = norm(C_k + B_k)    ŝ_k = d_k·relu(s_k)³    t = norm(base + b)
///     a_bk = exp(β(ŝ_k·x_b·p_k − 1))        z = σ·f·tᵀ + α·Σ_{k of c} a
///     L = CE + ls1·R₁ + ls2·R_in + ls3·R₂
///
/// R₁ spreads prototypes of different classes, R_in those of one class, R₂ the texts; only their key side has a
/// gradient. Each step has one dropout mask d over the prototypes, shared by the batch: a dropped prototype adds
/// exp(−β). TPAMI 2024, doi 10.1109/TPAMI.2024.3460180; `main.py` and `utils.py` of its repository, whose behavior is
/// kept. Masks follow the class of each key, not its position, so that classes may have any number of prototypes.
public struct ClusterAdapter: TrainedMethod, CacheMethod {
    package struct Parameters: ParameterSet {
        package var bias: Matrix  // B [M×D]
        package var weight: Matrix  // w [1×D]
        package var scale: Matrix  // s [1×M]
        package var textBias: Matrix  // b [C×D]
        var openPairs: Matrix  // [M×K], see OpenPairs
        let textRate: Float
        let imageRate: Float

        package func tensors() -> [ParameterTensor<Self>] {
            [
                ParameterTensor("bias", \.bias, rate: imageRate), ParameterTensor("weight", \.weight, rate: imageRate),
                ParameterTensor("scale", \.scale, rate: imageRate),
                ParameterTensor("text_bias", \.textBias, rate: textRate),
                ParameterTensor("open_pairs", \.openPairs, rate: nil),
            ]
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "cluster-adapter", summary: "trained prototypes, spread by three InfoNCE terms, and trained texts",
        searched: ["alpha", "beta"], epoch: .bestEpochNoted)
    package let searchSpace: SearchSpace
    package var schedule: Schedule { settings.schedule(epsilon: settings.eps) }

    private let settings: Settings
    private let keys: Matrix  // C [M×D]
    private let base: Matrix  // [C×D]
    private let logitScale: Float  // σ
    private let keyLabels: KeyLabels
    private let precision: Precision

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try settings.searchSpace()
        let text = try Self.requiredText(task)
        logitScale = text.logitScale
        let slots = text.slots()
        self.settings = settings
        let support = try task.requiredSupport(Self.name)
        (keys, keyLabels) = try Self.anchors(of: support, count: settings.prototypes)
        precision = settings.precision.resolved(prototypes: keyLabels.count)
        // The mean of all slots but the last, not normalized, mixed with the last.
        var mixed = Matrix.zeros(slots[0].rows, slots[0].columns)
        for slot in slots.dropLast() { add(slot, scale: settings.ta / Float(slots.count - 1), to: &mixed) }
        add(slots[slots.count - 1], scale: 1 - settings.ta, to: &mixed)
        base = mixed
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(
            bias: .zeros(keys.rows, keys.columns), weight: Matrix(row: [Float](repeating: 1, count: keys.columns)),
            scale: Matrix(row: [Float](repeating: 1, count: keys.rows)), textBias: .zeros(base.rows, base.columns),
            openPairs: OpenPairs(keyLabels).mask, textRate: settings.lr2, imageRate: settings.lr1)
    }

    /// Prototypes times their scales are the keys; no dropout.
    package func classifier(_ p: Parameters) -> Classifier {
        var prototypes = prototypes(p).unit
        scaleRows(&prototypes, by: keyScales(p, mask: nil))
        var cache = CacheTerm(keys: prototypes, keyLabels: keyLabels, alpha: settings.alpha, beta: settings.beta)
        cache.channelWeights = Matrix(row: channelWeights(p))
        return Classifier(TextTerm(texts(p).unit, scale: logitScale), cache)
    }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let f = batch.features
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
        var z = product(f, t, transposingB: true, scale: logitScale)
        settings.weights.addLogits(&a, keyLabels: keyLabels, to: &z)
        let crossEntropy = crossEntropyGradient(&z, labels: batch.labels)

        settings.weights.gradient(&a, keyLabels: keyLabels, logitsGradient: z)  // a is now h
        let dŝ = columnDots(a, s)
        scaleColumns(&a, by: ŝ)  // h∘ŝ
        var dv = prototypes.combinations(a)
        normalizeRowsGradient(&dv, unit: x, norms: queryNorms)
        var dP = product(a, x, transposingA: true, precision: precision)
        var dt = product(z, f, transposingA: true, scale: logitScale)
        let spread = spread(prototypes, t, &p, addingGradientTo: &dP, &dt)
        normalizeRowsGradient(&dP, unit: unit, norms: prototypeNorms)
        normalizeRowsGradient(&dt, unit: t, norms: textNorms)
        return Loss(
            crossEntropy, spread,
            gradient: [
                "bias": .matrix(dP), "weight": .matrix(channelGradient(columnDots(f, dv), p)),
                "scale": .matrix(scaleGradient(dŝ, p, mask: d)), "text_bias": .matrix(dt),
            ])
    }

    /// The three weighted InfoNCE terms.
    private func spread(
        _ prototypes: Prototypes, _ t: Matrix, _ p: inout Parameters, addingGradientTo dP: inout Matrix,
        _ dt: inout Matrix
    ) -> [(name: String, value: Double)] {
        let s = settings
        let between = betweenClassInfoNCE(
            prototypes, keyLabels: keyLabels, .init(temperature: s.t1, weight: s.ls1), addingGradientTo: &dP)
        var open = OpenPairs(mask: p.openPairs, margin: s.margin)
        let within = withinClassInfoNCE(
            prototypes.rows, keyLabels: keyLabels, .init(temperature: s.t2, weight: s.ls2), open: &open,
            addingGradientTo: &dP)
        p.openPairs = open.mask
        let text = betweenClassInfoNCE(
            Prototypes(t, precision: .float32), keyLabels: KeyLabels(classCount: t.rows),
            .init(temperature: s.t3, weight: s.ls3), addingGradientTo: &dt)
        return [
            ("between_class", Double(s.ls1) * between), ("within_class", Double(s.ls2) * within),
            ("text", Double(s.ls3) * text),
        ]
    }
}

extension ClusterAdapter {
    /// The initial prototypes and their classes: the keys, or `count` k-means centers per class.
    ///
    /// Centers are computed over all augmented views of a class's items, and normalized; a class with fewer views than
    /// `count` has one center per view.
    private static func anchors(of support: Support, count: Int) throws(Fault) -> (keys: Matrix, labels: KeyLabels) {
        guard count > 0 else { return (try support.keys(), support.keyLabels) }
        var centers: [Matrix] = []
        var labels: [Int] = []
        for (label, items) in support.keyLabels.keysOfClass.enumerated() where !items.isEmpty {
            let samples = Matrix.stacked(
                try support.augmentedViews.map { view throws(Fault) in try support.batch(items, view: view) })
            // One seed for all classes, so that the centers of a class do not depend on other classes.
            var generator = SeededGenerator(seed: 1)
            let found = kMeans(samples, clusters: min(count, samples.rows), using: &generator).centers
            centers.append(normalizeRows(found).unit)
            labels += [Int](repeating: label, count: found.rows)
        }
        return (.stacked(centers), KeyLabels(labels, classCount: support.classCount))
    }

    /// `p_k = norm(C_k + B_k)` [M×D] and the lengths.
    private func prototypes(_ p: Parameters) -> (unit: Matrix, norms: [Float]) {
        normalizeRows(sum(keys, p.bias))
    }

    /// `t = norm(base + b)` [C×D] and the lengths.
    private func texts(_ p: Parameters) -> (unit: Matrix, norms: [Float]) {
        normalizeRows(sum(base, p.textBias))
    }

    /// `ω = relu(w)^iw` [D].
    private func channelWeights(_ p: Parameters) -> [Float] {
        p.weight.elements.map { power(max($0, 0), settings.iw) }
    }

    /// The gradient of w: `iw·relu(w)^(iw−1) ∘ dω`.
    private func channelGradient(_ dω: [Float], _ p: Parameters) -> Matrix {
        let slope = p.weight.elements.map { Float(settings.iw) * power(max($0, 0), settings.iw - 1) }
        return Matrix(row: zip(slope, dω).map { $0 * $1 })
    }

    /// `ŝ_k = d_k·relu(s_k)³` [M].
    private func keyScales(_ p: Parameters, mask: [Float]?) -> [Float] {
        let cubes = p.scale.elements.map { power(max($0, 0), 3) }
        guard let mask else { return cubes }
        return zip(cubes, mask).map { $0 * $1 }
    }

    /// The gradient of s: `3·d_k·relu(s_k)²·dŝ_k`.
    private func scaleGradient(_ dŝ: [Float], _ p: Parameters, mask: [Float]) -> Matrix {
        Matrix(row: dŝ.indices.map { 3 * mask[$0] * power(max(p.scale.elements[$0], 0), 2) * dŝ[$0] })
    }

    /// `d` [M]: 0 with the dropout probability p, else 1/(1 − p).
    private func dropoutMask(using generator: inout SeededGenerator) -> [Float] {
        let dropped = settings.dropout
        guard dropped > 0 else { return [Float](repeating: 1, count: keys.rows) }
        return (0 ..< keys.rows).map { _ in generator.uniform() < dropped ? 0 : 1 / (1 - dropped) }
    }
}
