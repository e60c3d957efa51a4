/// A classification task of drawn images.
public enum DrawnTask: String, Sendable, CaseIterable {
    /// One figure inside another: 16 classes in pairs with swapped colors.
    case badges
    /// Two shapes in any colors that together resemble an object: 18 classes.
    case toys

    /// The class names, as they follow `a` in a prompt.
    public var classes: [String] {
        switch self {
        case .badges: Badge.all.map(\.name)
        case .toys: Toy.all.map(\.name)
        }
    }

    /// Returns scene `number`, below 2^20, of the class `label`, with the same layout in every style.
    public func scene(label: Int, number: Int, seed: UInt64, style: Style = .plain) -> Scene {
        // Indices from 2^40 on, so that the scenes differ from those on which the demo's encoder was trained.
        let base: UInt64 = self == .badges ? 1 << 40 : 2 << 40
        let picture = (seed: seed, index: base | UInt64(label) << 20 | UInt64(number))
        var stream = Stream(seed: picture.seed, index: picture.index, .scene)
        let scene =
            switch self {
            case .badges: Badge.all[label].scene(picture, &stream)
            case .toys: Toy.all[label].scene(picture, &stream)
            }
        return style.applied(to: scene, &stream)
    }
}

/// Puts `a` or `an` before `words`.
func withArticle(_ words: String) -> String { ("aeiou".contains(words.first ?? " ") ? "an " : "a ") + words }
