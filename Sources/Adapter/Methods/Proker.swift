public import Core
internal import Kernels

/// ProKeR: kernel ridge regression of the residual that zero-shot similarities leave of the labels.
///
/// With samples X [n×D], the augmented views as unit rows, labels Y one-hot and K(a, b) = exp(−β(1 − a·b)):
///
///     A = (K(X, X)/λ + I)⁻¹(Y − X·Tᵀ)        z = σ·(f·Tᵀ + K(f, X)·A)
///
/// Bendou et al., "ProKeR: a kernel perspective on few-shot adaptation", CVPR 2025; `trainers/proker.py`. As there, the
/// residual is that of similarities without the logit scale σ, and λ also scales the correction; the outer σ changes no
/// choice and gives probabilities CLIP's scale. A grid search is as published; an exact one takes λ on a logarithmic
/// scale, coarsely over the whole ranges and then finely around the best.
public struct Proker: AdapterMethod {
    public static let name = "proker"
    public static let summary = "kernel ridge regression of the labels' residual after the texts, in closed form"
    public static let needsText = true
    public static let isSearched = true

    private let settings: Settings
    private let text: TextTerm
    private let samples: Matrix  // X [n×D]
    private let keyLabels: KeyLabels
    private let residual: Matrix  // Y − X·Tᵀ [n×C]
    private let similarities = Memo<Matrix>()

    private struct Point {
        var beta: Float
        var lambda: Float
    }

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

    public func initialClassifier() throws(Fault) -> Classifier {
        try classifier(Point(beta: settings.beta, lambda: settings.lambda))
    }

    private func classifier(_ point: Point) throws(Fault) -> Classifier {
        var cache = CacheTerm(keys: samples, keyLabels: keyLabels, alpha: text.scale, beta: point.beta)
        cache.values = try coefficients(kernel(beta: point.beta), lambda: point.lambda)
        return Classifier(text, cache, classCount: text.classCount)
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

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        let point = try kind == .grid ? onGrid(validation) : coarsely(validation)
        let chosen = try self.classifier(point)
        return SearchResult(
            classifier: chosen,
            chosen: ["beta": .number(rounded(point.beta)), "lambda": .number(rounded(point.lambda))],
            accuracy: try validation.score(chosen).accuracy)
    }

    /// Searches the published grid, with β in the outer loop; takes the first of equals.
    private func onGrid(_ validation: Validation) throws(Fault) -> Point {
        var best = BestPoint()
        for beta in settings.search_beta.values {
            try look(at: beta, settings.search_lambda.values, validation, &best)
        }
        return best.point
    }

    /// Searches three β and four λ over the ranges, then half a step around the best in both.
    private func coarsely(_ validation: Validation) throws(Fault) -> Point {
        let betas = settings.search_beta
        let lambdas = settings.search_lambda
        let step = (betas.to - betas.from) / 2
        let factor = cubeRoot(lambdas.to / lambdas.from)
        var best = BestPoint()
        for i in 0 ..< 3 {
            try look(
                at: betas.from + Float(i) * step, (0 ..< 4).map { lambdas.from * power(factor, $0) }, validation, &best)
        }
        let middle = best.point
        let root = factor.squareRoot()
        for beta in [middle.beta - step / 2, middle.beta, middle.beta + step / 2] where betas.contains(beta) {
            let near = [middle.lambda / root, middle.lambda, middle.lambda * root].filter {
                lambdas.contains($0) && (beta, $0) != (middle.beta, middle.lambda)
            }
            try look(at: beta, near, validation, &best)
        }
        return best.point
    }

    private struct BestPoint {
        var count = -1
        var point = Point(beta: 1, lambda: 1)
    }

    /// Counts the validation items that are classified correctly with one β and several λ.
    private func look(
        at beta: Float, _ lambdas: [Float], _ validation: Validation, _ best: inout BestPoint
    ) throws(Fault) {
        let kernel = kernel(beta: beta)
        let zeroShot = Classifier(text, classCount: text.classCount)
        // In groups, because each λ has coefficients as large as the cache's values.
        for start in stride(from: 0, to: lambdas.count, by: 16) {
            let some = Array(lambdas[start ..< min(lambdas.count, start + 16)])
            var solutions: [Matrix] = []
            for lambda in some { solutions.append(try coefficients(kernel, lambda: lambda)) }
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
                best = BestPoint(count: count, point: Point(beta: beta, lambda: lambda))
            }
        }
    }
}
