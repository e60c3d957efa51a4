internal import Core

/// The arithmetic of an optimizer's step on a run of elements.
protocol StepRule: Sendable {
    /// Moves the parameters `p` by the gradient `g`, and renews the moments `m` and `v`.
    func apply(_ p: Strip, _ g: Strip, _ m: Strip, _ v: Strip)
}

/// Applies `rule` to each element of `parameter`, on all threads.
@inline(__always)
func takeStep<Rule: StepRule>(
    _ rule: Rule, on parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State
) {
    let width = parameter.columns
    let count = parameter.elements.count
    precondition(
        state.first.elements.count == count && state.second.elements.count == count,
        "a state of \(state.first.elements.count) and \(state.second.elements.count) elements for \(count)")
    parameter.write { p in
        state.first.write { m in
            state.second.write { v in
                switch gradient {
                case .matrix(let gradient):
                    precondition(gradient.elements.count == count)
                    gradient.read { g in
                        Parallel.forEachPiece(of: count, size: 1 << 16) { piece in
                            rule.apply(p[piece], g[piece], m[piece], v[piece])
                        }
                    }
                case .product(let h, let x, let precision):
                    precondition(h.columns * x.columns == count && x.columns == width)
                    forEachProductPiece(h, x, precision: precision) { rows, g in
                        let piece = rows.lowerBound * width ..< rows.upperBound * width
                        rule.apply(p[piece], g, m[piece], v[piece])
                    }
                }
            }
        }
    }
}

extension Strip {
    /// Updates this strip and two more from a gradient, sixteen lanes at a time.
    @inline(__always)
    func update(
        _ g: Strip, _ m: Strip, _ v: Strip,
        _ body: (inout SIMD16<Float>, SIMD16<Float>, inout SIMD16<Float>, inout SIMD16<Float>) -> Void
    ) {
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            var (a, b, c) = (self[lanes: i], m[lanes: i], v[lanes: i])
            body(&a, g[lanes: i], &b, &c)
            self[lanes: i] = a
            m[lanes: i] = b
            v[lanes: i] = c
        }
        guard whole < count else { return }
        var (a, b, c) = (padded(whole), m.padded(whole), v.padded(whole))
        body(&a, g.padded(whole), &b, &c)
        for i in whole ..< count {
            self[i] = a[i - whole]
            m[i] = b[i - whole]
            v[i] = c[i - whole]
        }
    }

    /// Updates this strip and one more from a gradient, sixteen lanes at a time.
    @inline(__always)
    func update(
        _ g: Strip, _ m: Strip, _ body: (inout SIMD16<Float>, SIMD16<Float>, inout SIMD16<Float>) -> Void
    ) {
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            var (a, b) = (self[lanes: i], m[lanes: i])
            body(&a, g[lanes: i], &b)
            self[lanes: i] = a
            m[lanes: i] = b
        }
        guard whole < count else { return }
        var (a, b) = (padded(whole), m.padded(whole))
        body(&a, g.padded(whole), &b)
        for i in whole ..< count {
            self[i] = a[i - whole]
            m[i] = b[i - whole]
        }
    }
}
