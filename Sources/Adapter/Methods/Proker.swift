public import Core
internal import Kernels

/// ProKeR: kernel ridge regression of what the zero-shot similarities leave of the labels.
///
/// With samples X [n×D], the augmented views as unit rows, labels Y one-hot and K(a, b) = exp(−β(1 − a·b)):
///
///     A = (K(X, X)/λ + I)⁻¹(Y − X·Tᵀ)        z = 100·(f·Tᵀ + K(f, X)·A)
///
/// Bendou et al., "ProKeR: a kernel perspective on few-shot adaptation", CVPR 2025; `trainers/proker.py`. As there, the
/// similarities count without CLIP's 100, and λ also scales the correction; the 100 outside changes no choice and gives
/// probabilities CLIP's scale. The published grid is behind `--grid`; ours takes λ by logarithms, a coarse look over the
/// whole ranges and a finer one about the best.
public struct Proker: AdapterMethod {
    public static let name = "proker"
    public static let summary = "kernel ridge regression of what the texts leave of the labels, in closed form"
    public static let needsText = true
    public static let isSearched = true

    private let settings: Settings
    private let text: Matrix  // T [C×D]
    private let samples: Matrix  // X [n×D]
    private let owners: KeyOwners
    private let residual: Matrix  // Y − X·Tᵀ [n×C]
    private let similarities = Memo<Matrix>()

    private struct Point {
        var beta: Float
        var lambda: Float
    }

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).classifier
        let (features, labels) = try task.requiredSupport(Self.name).samples(limit: settings.samples)
        owners = KeyOwners(labels, classCount: text.rows)
        var residual = product(features, text, transposingB: true, scale: -1)
        for (i, label) in labels.enumerated() { residual[i, label] += 1 }
        (samples, self.residual, self.settings) = (features, residual, settings)
    }

    public func initialClassifier() throws(Fault) -> Classifier {
        try classifier(Point(beta: settings.beta, lambda: settings.lambda))
    }

    private func classifier(_ point: Point) throws(Fault) -> Classifier {
        var cache = Classifier.Cache(keys: samples, owners: owners, alpha: 100, beta: point.beta)
        cache.values = try coefficients(kernel(beta: point.beta), lambda: point.lambda)
        return Classifier(text: text, cache: cache, classCount: text.rows)
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

    /// The published grid, β outside, the first of equals.
    private func onGrid(_ validation: Validation) throws(Fault) -> Point {
        var best = BestPoint()
        for beta in Settings.line(settings.search_beta) {
            try look(at: beta, Settings.line(settings.search_lambda), validation, &best)
        }
        return best.point
    }

    /// Three β and four λ over the ranges, then half a step about the best in both.
    private func coarsely(_ validation: Validation) throws(Fault) -> Point {
        let (betas, lambdas) = (settings.search_beta, settings.search_lambda)
        let (step, factor) = (
            (betas[1] - betas[0]) / 2, cubeRoot(lambdas[1] / lambdas[0])
        )
        var best = BestPoint()
        for i in 0 ..< 3 {
            try look(
                at: betas[0] + Float(i) * step, (0 ..< 4).map { lambdas[0] * power(factor, $0) }, validation, &best)
        }
        let (middle, root) = (best.point, factor.squareRoot())
        for beta in [middle.beta - step / 2, middle.beta, middle.beta + step / 2]
        where beta >= betas[0] && beta <= betas[1] {
            let near = [middle.lambda / root, middle.lambda, middle.lambda * root].filter {
                $0 >= lambdas[0] && $0 <= lambdas[1] && (beta, $0) != (middle.beta, middle.lambda)
            }
            try look(at: beta, near, validation, &best)
        }
        return best.point
    }

    private struct BestPoint {
        var count = -1
        var point = Point(beta: 1, lambda: 1)
    }

    /// Counts the validation items that are right with one β and several λ.
    private func look(
        at beta: Float, _ lambdas: [Float], _ validation: Validation, _ best: inout BestPoint
    ) throws(Fault) {
        let kernel = kernel(beta: beta)
        let zeroShot = Classifier(text: text, classCount: text.rows)
        // Some at a time: each has coefficients as large as the cache's values.
        for start in stride(from: 0, to: lambdas.count, by: 16) {
            let some = Array(lambdas[start ..< min(lambdas.count, start + 16)])
            var solutions: [Matrix] = []
            for lambda in some { solutions.append(try coefficients(kernel, lambda: lambda)) }
            var counts = [Int](repeating: 0, count: some.count)
            try validation.items.forEachBlock(of: 1024) { block, features throws(Fault) in
                let base = validation.items.baseLogits(zeroShot, features, block)
                var near = product(features, samples, transposingB: true)
                exponentials(&near, beta: beta)
                for (place, solution) in solutions.enumerated() {
                    var logits = base
                    multiply(near, solution, alpha: 100, beta: 1, into: &logits)
                    counts[place] += rightCount(logits, labels: Array(validation.items.labels[block]))
                }
            }
            for (lambda, count) in zip(some, counts) where count > best.count {
                best = BestPoint(count: count, point: Point(beta: beta, lambda: lambda))
            }
        }
    }
}
