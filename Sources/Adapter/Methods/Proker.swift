public import Core
internal import Kernels

/// ProKeR: kernel ridge regression of the residual that zero-shot similarities leave of the labels.
///
/// With samples X [n×D], the augmented views as unit rows, labels Y one-hot and K(a, b) = exp(−β(1 − a·b)):
///
///     A = (K(X, X)/λ + I)⁻¹(Y − X·Tᵀ)        z = σ·(f·Tᵀ + K(f, X)·A)
///
/// Bendou et al., CVPR 2025; `trainers/proker.py`. A grid search is as published; an exact one takes λ on a logarithmic
/// scale, coarsely over the whole ranges and then finely around the best.
public struct Proker: AdapterMethod {
    /// The values for ImageNet with 16 shots, and the ranges of a search.
    public struct Settings: MethodSettings {
        /// β: the sharpness of the kernel, if it is not searched.
        public var beta: Float = 1.7
        /// λ: the ridge penalty, if it is not searched.
        public var lambda: Float = 0.1
        /// The searched range of β, and the number of values on the published grid.
        public var search_beta = GridRange(from: 0.5, to: 3, count: 20)
        /// The searched range of λ, and the number of values on the published grid.
        public var search_lambda = GridRange(from: 0.001, to: 1, count: 10)
        /// The limit on samples; views beyond it are left out, except the first view of each item.
        public var samples = 2048
        /// The published settings.
        public init() {}

        /// Throws `configuration` for a number or a range outside its range.
        public func check() throws(Fault) {
            try checkRanges()
            try search_beta.check("search_beta", in: 0.001 ... 1000)
            try search_lambda.check("search_lambda", in: 1e-4 ... 1e4)
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "proker", summary: "kernel ridge regression of the labels' residual after the texts, in closed form",
        searched: ["beta", "lambda"])

    private let settings: Settings
    private let text: TextTerm
    private let samples: Matrix  // X [n×D]
    private let keyLabels: KeyLabels
    private let residual: Matrix  // Y − X·Tᵀ [n×C]
    private let similarities = Memo<Matrix>()

    private struct Point {
        var beta: Float
        var lambda: Float
        /// The number of validation items that are classified correctly.
        var count = -1
    }

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).zeroShot
        let (features, labels) = try task.requiredSupport(Self.name).samples(limit: settings.samples)
        keyLabels = KeyLabels(labels, classCount: text.classCount)
        var residual = product(features, text.embeddings, transposingB: true, scale: -1)
        for (i, label) in labels.enumerated() { residual[i, label] += 1 }
        samples = features
        self.residual = residual
        self.settings = settings
    }

    /// The published ranges, and ImageNet's β and λ for this number of shots, which apply where nothing is searched.
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        var settings = publishedSettings(of: name, for: dataset)
        if settings.isEmpty { return settings }
        let point: (beta: SettingValue, lambda: SettingValue) =
            switch shots ?? 16 {
            case 1: (3, 0.05)
            case 2, 3: (2.6, 0.05)
            case 4 ..< 8: (1.5, 0.05)
            case 8 ..< 16: (1.66, 0.07)
            default: (1.7, 0.1)
            }
        settings["beta"] = point.beta
        settings["lambda"] = point.lambda
        return settings
    }

    /// The classifier at the β and λ of the settings.
    public func initialClassifier() throws(Fault) -> Classifier {
        try classifier(Point(beta: settings.beta, lambda: settings.lambda))
    }

    private func classifier(_ point: Point) throws(Fault) -> Classifier {
        var cache = CacheTerm(keys: samples, keyLabels: keyLabels, alpha: text.scale, beta: point.beta)
        cache.values = try coefficients(kernel(beta: point.beta), lambda: point.lambda)
        return Classifier(text, cache)
    }

    /// K(X, X) [n×n].
    private func kernel(beta: Float) -> Matrix {
        var kernel = similarities.value { product(samples, samples, transposingB: true) }
        exponentials(&kernel, beta: beta)
        return kernel
    }

    /// A [n×C], as `λ·(K + λI)⁻¹·residual`.
    private func coefficients(_ kernel: Matrix, lambda: Float) throws(Fault) -> Matrix {
        var ridge = kernel
        for i in 0 ..< ridge.rows { ridge[i, i] += lambda }
        guard let factor = CholeskyFactor(ridge) else {
            throw .configuration(
                "\(Self.name).lambda", found: "\(lambda), with which the kernel cannot be inverted",
                expected: "a larger one", remedy: "raise lambda, or search_lambda")
        }
        var solution = factor.solve(residual)
        scale(&solution, by: lambda)
        return solution
    }

    /// Chooses β and λ.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        let point = try kind == .grid ? onGrid(validation) : coarsely(validation)
        return try validation.result(
            self.classifier(point),
            chosen: ["beta": .number(rounded(point.beta)), "lambda": .number(rounded(point.lambda))],
            ends: settings.search_beta.ends("beta", point.beta, widenedBy: "search_beta")
                + settings.search_lambda.ends("lambda", point.lambda, widenedBy: "search_lambda"))
    }

    /// Searches the published grid, with β in the outer loop; takes the first of equals.
    private func onGrid(_ validation: Validation) throws(Fault) -> Point {
        var best = Point(beta: 1, lambda: 1)
        for beta in settings.search_beta.values {
            try look(at: beta, settings.search_lambda.values, validation, &best)
        }
        return best
    }

    /// Searches three β and four λ over the ranges, then half a step around the best in both.
    private func coarsely(_ validation: Validation) throws(Fault) -> Point {
        let betas = settings.search_beta
        let lambdas = settings.search_lambda
        let step = (betas.to - betas.from) / 2
        let factor = cubeRoot(lambdas.to / lambdas.from)
        var best = Point(beta: 1, lambda: 1)
        for i in 0 ..< 3 {
            try look(
                at: betas.from + Float(i) * step, (0 ..< 4).map { lambdas.from * power(factor, $0) }, validation, &best)
        }
        let middle = best
        let root = factor.squareRoot()
        for beta in [middle.beta - step / 2, middle.beta, middle.beta + step / 2] where betas.contains(beta) {
            let near = [middle.lambda / root, middle.lambda, middle.lambda * root].filter {
                lambdas.contains($0) && (beta, $0) != (middle.beta, middle.lambda)
            }
            try look(at: beta, near, validation, &best)
        }
        return best
    }

    /// Counts the validation items that are classified correctly with one β and several λ.
    private func look(
        at beta: Float, _ lambdas: [Float], _ validation: Validation, _ best: inout Point
    ) throws(Fault) {
        let kernel = kernel(beta: beta)
        let zeroShot = Classifier(text)
        // In groups, because each λ has coefficients as large as the cache's values.
        for block in lambdas.indices.blocks(of: 16) {
            let some = lambdas[block]
            let solutions = try some.map { lambda throws(Fault) in try coefficients(kernel, lambda: lambda) }
            var counts = [Int](repeating: 0, count: some.count)
            try validation.items.forEachBlock(of: 1024) { block, queries throws(Fault) in
                let base = zeroShot.logits(queries)
                var near = product(queries.features, samples, transposingB: true)
                exponentials(&near, beta: beta)
                for (index, solution) in solutions.enumerated() {
                    var logits = base
                    multiply(near, solution, alpha: text.scale, beta: 1, into: &logits)
                    counts[index] += rightCount(logits, labels: Array(validation.items.labels[block]))
                }
            }
            for (lambda, count) in zip(some, counts) where count > best.count {
                best = Point(beta: beta, lambda: lambda, count: count)
            }
        }
    }
}
