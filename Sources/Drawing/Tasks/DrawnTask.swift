/// A classification task whose images are drawn.
public enum DrawnTask: String, Sendable, CaseIterable {
    /// One figure inside another, in fixed colours: 16 classes in pairs that differ in which colour is where.
    case badges
    /// Two shapes that together look like something, in any colours: 18 classes.
    case toys

    /// The names of the classes as prompts take them, after `a`.
    public var classes: [String] {
        switch self {
        case .badges: Badge.all.map(\.name)
        case .toys: Toy.allCases.map(\.name)
        }
    }

    /// The `number`th scene of a class; the same for every count, and laid out the same in every style.
    ///
    /// - Parameters:
    ///   - label: the class, a place in ``classes``.
    ///   - number: which scene of the class, below 2^20.
    ///   - seed: which row of scenes.
    ///   - style: how they are drawn.
    /// - Returns: the scene, which ``Picture/init(_:)`` draws.
    public func scene(label: Int, number: Int, seed: UInt64, style: Style = .plain) -> Scene {
        // Above 2^40, so that no training scene has the same streams.
        let base: UInt64 = self == .badges ? 1 << 40 : 2 << 40
        let picture = (seed: seed, index: base | UInt64(label) << 20 | UInt64(number))
        var stream = Stream(seed: picture.seed, index: picture.index, .scene)
        let scene =
            switch self {
            case .badges: Badge.all[label].scene(picture, &stream)
            case .toys: Toy.allCases[label].scene(picture, &stream)
            }
        return style.applied(to: scene, &stream)
    }
}
