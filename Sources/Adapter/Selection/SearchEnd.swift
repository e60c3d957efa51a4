public import Core
internal import Kernels

/// A searched setting whose chosen value is at the end of the searched range, so that a better one may lie beyond.
public struct SearchEnd: Sendable, Codable, Hashable {
    /// The name of the searched setting.
    public let setting: String
    /// The end of the range.
    public let bound: Double
    /// The name of the setting that widens the range; nil for a fixed range.
    public let widened_by: String?

    init(_ setting: String, bound: Double, widenedBy: String? = nil) {
        self.setting = setting
        self.bound = bound
        widened_by = widenedBy
    }

    /// A phrase such as `beta at the end of its range (7)`.
    public var phrase: String { "\(setting) at the end of its range (\(SettingValue.number(bound)))" }

    /// The advice to widen the range of a method; empty for a fixed range.
    public func remedy(_ method: String) -> Remedy {
        switch widened_by {
        case nil: ""
        case "search_scale": "widen it with \(option: "search_scale")"
        case let name?: "widen it with \(option: "set", "\(method).\(name)=FROM,TO,COUNT")"
        }
    }
}

extension SearchSpace {
    /// The ends of β and α, of which the last value that the grid tries is one.
    func ends(beta: Float, alpha: Float) -> [SearchEnd] {
        let searched = [("beta", beta, betas, scale.beta), ("alpha", alpha, alphas, scale.alpha)]
        return searched.filter { Self.isLast(Double($0.1), of: $0.2) }.map { name, _, _, bound in
            SearchEnd(name, bound: rounded(bound), widenedBy: "search_scale")
        }
    }

    /// The end of γ.
    func ends(gamma: Double) -> [SearchEnd] {
        guard let gammaBound, Self.isLast(gamma, of: gammas) else { return [] }
        return [SearchEnd("gamma", bound: gammaBound, widenedBy: "search_scale")]
    }

    private static func isLast(_ value: Double, of points: [Double]) -> Bool {
        guard points.count > 1, let last = points.last else { return false }
        return value >= last * (1 - 1e-6)
    }
}

extension WeightSpace {
    /// The end of the weight, if `value` is within half a step of the last point.
    func ends(_ name: String, _ value: Double) -> [SearchEnd] {
        let last = range.upperBound
        return value * powerOfTen(0.5) > last ? [SearchEnd(name, bound: last)] : []
    }
}

extension GridRange {
    /// The upper end of the range, if `value` is within half a step of it.
    func ends(_ name: String, _ value: Float, widenedBy setting: String) -> [SearchEnd] {
        guard count > 1, value > to - (to - from) / Float(count - 1) / 2 else { return [] }
        return [SearchEnd(name, bound: rounded(to), widenedBy: setting)]
    }
}
