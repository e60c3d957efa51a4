public import Core

/// The values of β and α that a search covers.
public struct SearchSpace: Sendable, Equatable {
    /// β from 0.1 towards this, and α.
    public let scale: (beta: Float, alpha: Float)
    public let steps: (beta: Int, alpha: Int)

    /// The values of a third setting, γ, for methods that have one; β and α are searched for each.
    public var gammas: [Double] = []

    /// Where β and α begin.
    public var lowest: (beta: Float, alpha: Float) = (0.1, 0.1)

    /// Which of equal points of the grid comes first: the one with the least β, or with the least α.
    public var isAlphaOutside = false

    /// - Throws: `configuration` unless both scales exceed 0.1 and both step counts are positive.
    public init(scale: [Float], steps: [Int]) throws(Fault) {
        guard scale.count == 2, scale.allSatisfy({ $0 > 0.1 && $0 <= 1000 }) else {
            throw .configuration("search_scale", found: "\(scale)", expected: "two numbers above 0.1: beta,alpha")
        }
        guard steps.count == 2, steps.allSatisfy({ (1 ... 10000).contains($0) }) else {
            throw .configuration(
                "search_step", found: "\(steps)", expected: "two whole numbers, 1 to 10000: beta,alpha")
        }
        self.scale = (scale[0], scale[1])
        self.steps = (steps[0], steps[1])
    }

    /// Takes β,α or β,α,γ; where γ is left out, as by who sets β and α of several methods, it is as `usual` says.
    static func withGamma(
        scale: [Float], steps: [Int], usual: (scale: [Float], steps: [Int])
    ) throws(Fault) -> (space: SearchSpace, gammaScale: Double, gammaSteps: Int) {
        guard (2 ... 3).contains(scale.count), (2 ... 3).contains(steps.count) else {
            throw .configuration(
                "search_scale", found: "\(scale) in \(steps)", expected: "two or three of each: beta,alpha,gamma",
                remedy: "correct it")
        }
        let (gammaScale, gammaSteps) = ((scale + usual.scale.suffix(1))[2], (steps + usual.steps.suffix(1))[2])
        guard (0 ... 1000).contains(gammaScale), (1 ... 1000).contains(gammaSteps) else {
            throw .configuration(
                "search_scale", found: "\(gammaScale) in \(gammaSteps) for gamma", expected: "0 to 1000 in 1 to 1000",
                remedy: "correct it")
        }
        let space = try SearchSpace(scale: Array(scale.prefix(2)), steps: Array(steps.prefix(2)))
        return (space, rounded(gammaScale), gammaSteps)
    }

    /// `0.1 + i(S − 0.1)/n` for i below n, in double precision as the published code computes it; 0.1 is ``lowest``.
    public var betas: [Double] { Self.points(from: rounded(lowest.beta), to: Double(scale.beta), steps.beta) }
    public var alphas: [Double] { Self.points(from: rounded(lowest.alpha), to: Double(scale.alpha), steps.alpha) }

    private static func points(from lowest: Double, to scale: Double, _ steps: Int) -> [Double] {
        (0 ..< steps).map { Double($0) * (scale - lowest) / Double(steps) + lowest }
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.scale == b.scale && a.steps == b.steps && a.gammas == b.gammas && a.lowest == b.lowest
            && a.isAlphaOutside == b.isAlphaOutside
    }
}
