public import Core
internal import Kernels

/// The values of β, α and γ that a search covers.
public struct SearchSpace: Sendable, Equatable {
    let scale: SearchScale
    private let steps: SearchSteps
    /// The lower bounds of β and α.
    var lowest = SearchScale(beta: 0.1, alpha: 0.1)
    /// The values of γ for methods that have it; β and α are searched for each.
    package private(set) var gammas: [Double] = []
    /// The upper bound of γ; nil for methods without γ.
    private(set) var gammaBound: Double?
    /// Whether the first of equal points on the grid is the one with the least α, not the least β.
    var isAlphaOutside = false

    /// Takes the upper bounds and the numbers of values of β and α.
    ///
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

    /// Takes the bounds and numbers of β, α and γ; where γ is missing, its values are those of `usual`.
    ///
    /// γ is missing where one setting is given for several methods.
    init(
        scale: SearchScale, steps: SearchSteps, gammaFrom lowest: Double, usual: (scale: Float, steps: Int)
    ) throws(Fault) {
        let gammaScale = scale.gamma ?? usual.scale
        let gammaSteps = steps.gamma ?? usual.steps
        guard (0 ... 1000).contains(gammaScale), (1 ... 1000).contains(gammaSteps) else {
            throw .configuration(
                "search_scale", found: "\(gammaScale) in \(gammaSteps) for gamma", expected: "0 to 1000 in 1 to 1000",
                remedy: "correct it")
        }
        try self.init(
            scale: SearchScale(beta: scale.beta, alpha: scale.alpha),
            steps: SearchSteps(beta: steps.beta, alpha: steps.alpha))
        gammaBound = rounded(gammaScale)
        gammas = Self.points(from: lowest, to: rounded(gammaScale), gammaSteps)
    }

    /// `0.1 + i(S − 0.1)/n` for i below n, in double precision as in the published code; 0.1 is ``lowest``.
    package var betas: [Double] { Self.points(from: rounded(lowest.beta), to: Double(scale.beta), steps.beta) }
    /// The values of α, likewise.
    package var alphas: [Double] { Self.points(from: rounded(lowest.alpha), to: Double(scale.alpha), steps.alpha) }

    /// The interval of α.
    var alphaRange: ClosedRange<Float> { lowest.alpha ... scale.alpha }

    private static func points(from lowest: Double, to scale: Double, _ steps: Int) -> [Double] {
        (0 ..< steps).map { Double($0) * (scale - lowest) / Double(steps) + lowest }
    }
}
