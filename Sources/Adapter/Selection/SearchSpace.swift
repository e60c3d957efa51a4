public import Core
internal import Kernels

/// The values of β and α that a search covers.
public struct SearchSpace: Sendable, Equatable {
    /// The upper bounds of β and α.
    public let scale: SearchScale
    /// The numbers of values.
    public let steps: SearchSteps

    /// The values of γ for methods that have it; β and α are searched for each.
    public var gammas: [Double] = []

    /// The lower bounds of β and α.
    public var lowest = SearchScale(beta: 0.1, alpha: 0.1)

    /// Whether the first of equal points on the grid is the one with the least α, not the least β.
    public var isAlphaOutside = false

    /// - Throws: `configuration` unless both bounds exceed 0.1, both step counts are positive, and no value is for γ.
    public init(scale: SearchScale, steps: SearchSteps) throws(Fault) {
        guard scale.gamma == nil, scale.all.allSatisfy({ $0 > 0.1 && $0 <= 1000 }) else {
            throw .configuration("search_scale", found: "\(scale)", expected: "two numbers above 0.1: beta,alpha")
        }
        guard steps.gamma == nil, steps.all.allSatisfy({ (1 ... 10000).contains($0) }) else {
            throw .configuration(
                "search_step", found: "\(steps)", expected: "two whole numbers, 1 to 10000: beta,alpha")
        }
        self.scale = scale
        self.steps = steps
    }

    /// The space of β and α, with the bound and the step count of γ; values missing for γ are those of `defaults`.
    ///
    /// γ is missing where one setting is given for several methods.
    static func withGamma(
        scale: SearchScale, steps: SearchSteps, defaults: (scale: Float, steps: Int)
    ) throws(Fault) -> (space: SearchSpace, gammaScale: Double, gammaSteps: Int) {
        let gammaScale = scale.gamma ?? defaults.scale
        let gammaSteps = steps.gamma ?? defaults.steps
        guard (0 ... 1000).contains(gammaScale), (1 ... 1000).contains(gammaSteps) else {
            throw .configuration(
                "search_scale", found: "\(gammaScale) in \(gammaSteps) for gamma", expected: "0 to 1000 in 1 to 1000",
                remedy: "correct it")
        }
        let space = try SearchSpace(scale: scale.withoutGamma, steps: steps.withoutGamma)
        return (space, rounded(gammaScale), gammaSteps)
    }

    /// `0.1 + i(S − 0.1)/n` for i below n, in double precision as in the published code; 0.1 is ``lowest``.
    public var betas: [Double] { Self.points(from: rounded(lowest.beta), to: Double(scale.beta), steps.beta) }
    /// The values of α, likewise.
    public var alphas: [Double] { Self.points(from: rounded(lowest.alpha), to: Double(scale.alpha), steps.alpha) }

    private static func points(from lowest: Double, to scale: Double, _ steps: Int) -> [Double] {
        (0 ..< steps).map { Double($0) * (scale - lowest) / Double(steps) + lowest }
    }
}
