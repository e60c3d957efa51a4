internal import Core

/// The update rule of an optimizer for sixteen elements.
protocol StepRule: Sendable {
    /// Whether the rule uses the second moments.
    static var usesSecondMoments: Bool { get }

    /// Updates the parameters `p` and the moments `m` and `v` with the gradient `g`.
    func move(_ p: inout SIMD16<Float>, _ g: SIMD16<Float>, _ m: inout SIMD16<Float>, _ v: inout SIMD16<Float>)
}

/// Applies `rule` to each element of `parameter`, on all threads.
@inline(__always)
func takeStep<Rule: StepRule>(
    _ rule: Rule, on parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State
) {
    let count = parameter.elements.count
    precondition(
        state.first.elements.count == count && state.second.elements.count == count,
        "a state of \(state.first.elements.count) and \(state.second.elements.count) elements for \(count)")
    switch gradient {
    case .matrix(let gradient):
        precondition(gradient.elements.count == count)
        Parallel.forEachPiece(of: count, size: 1 << 16, &parameter, &state.first, &state.second) { piece, p, m, v in
            rule.apply(&p, gradient.span.extracting(piece), &m, &v)
        }
    case .product(let h, let x, let precision):
        precondition(h.rows == x.rows && h.columns * x.columns == count && x.columns == parameter.columns)
        let product = RoundedProduct(
            a: ProductFactor(matrix: h, isTransposed: true), b: ProductFactor(matrix: x, isTransposed: false),
            precision: precision)
        takeStep(rule, on: &parameter, product, state: &state)
    }
}

/// Applies `rule` with the gradient `hᵀ·x` [M×D], of which each task computes its own rows.
@inline(__always)
private func takeStep<Rule: StepRule>(
    _ rule: Rule, on parameter: inout Matrix, _ gradient: RoundedProduct, state: inout Optimizer.State
) {
    if gradient.pays {
        let product = PreparedProduct(gradient)
        takeStep(rule, on: &parameter, state: &state) { rows, g in product.form(rows, into: &g) }
    } else {
        let h = gradient.a.matrix
        let x = gradient.b.matrix
        takeStep(rule, on: &parameter, state: &state) { rows, g in
            var shape = ProductShape(m: rows.count, n: x.columns, k: h.rows, transposesA: true)
            shape.lda = h.columns
            let part = h.span.extracting(rows.lowerBound...)
            Float.multiply(part, x.span, into: &g, shape: shape, alpha: 1, beta: 0)
        }
    }
}

/// Applies `rule` with a gradient whose rows `form` computes.
@inline(__always)
private func takeStep<Rule: StepRule>(
    _ rule: Rule, on parameter: inout Matrix, state: inout Optimizer.State,
    form: @Sendable (_ rows: Range<Int>, _ gradient: inout MutableSpan<Float>) -> Void
) {
    let count = parameter.rows
    Parallel.forEachPiece(
        of: count, size: PreparedProduct.height, &parameter, &state.first, &state.second
    ) { rows, p, m, v in
        var piece = Scratch<Float>(p.count)
        var g = piece.mutableSpan
        form(rows, &g)
        rule.apply(&p, g.span, &m, &v)
    }
}

extension StepRule {
    /// Applies the rule to each element.
    @inline(__always)
    fileprivate func apply(
        _ p: inout MutableSpan<Float>, _ g: Span<Float>, _ m: inout MutableSpan<Float>, _ v: inout MutableSpan<Float>
    ) {
        precondition(p.count == g.count && m.count == g.count && v.count == g.count)
        var unused = SIMD16<Float>.zero
        for k in 0 ..< g.vectorCount {
            if Self.usesSecondMoments {
                move(&p[vector: k], g[vector: k], &m[vector: k], &v[vector: k])
            } else {
                move(&p[vector: k], g[vector: k], &m[vector: k], &unused)
            }
        }
        guard !g.remainder.isEmpty else { return }
        let last = g.vectorCount
        var a = p.span.padded(last)
        var b = m.span.padded(last)
        var c = v.span.padded(last)
        move(&a, g.padded(last), &b, &c)
        for i in g.remainder {
            p[i] = a[i & 15]
            m[i] = b[i & 15]
            v[i] = c[i & 15]
        }
    }
}
