/// Red, green, and blue, each 0 to 255.
package typealias RGB = SIMD3<Int32>

extension RGB {
    /// The sum of the channels, 0 to 765.
    var total: Int { Int(wrappedSum()) }

    /// Returns the sum of the channels' absolute differences.
    func distance(to other: RGB) -> Int { (0 ..< 3).reduce(0) { $0 + Int(abs(self[$1] - other[$1])) } }

    /// Returns the interpolation toward `other` with `weight` of 256.
    func mixed(with other: RGB, weight: Int32) -> RGB { self &+ (other &- self) &* RGB(repeating: weight) / 256 }

    /// The mean of the channels as a gray color.
    var gray: RGB { RGB(repeating: wrappedSum() / 3) }
}

/// A named color, whose `rawValue` is the word for it.
public enum Color: String, Sendable, CaseIterable {
    case red, orange, yellow, green, teal, blue, purple, pink, brown, white, black, gray

    /// The channels of the color.
    var rgb: RGB {
        switch self {
        case .red: RGB(214, 40, 38)
        case .orange: RGB(240, 134, 30)
        case .yellow: RGB(240, 214, 50)
        case .green: RGB(54, 150, 62)
        case .teal: RGB(40, 170, 170)
        case .blue: RGB(44, 80, 200)
        case .purple: RGB(128, 60, 168)
        case .pink: RGB(240, 130, 180)
        case .brown: RGB(124, 80, 46)
        case .white: RGB(240, 240, 240)
        case .black: RGB(28, 28, 28)
        case .gray: RGB(136, 136, 136)
        }
    }

    /// Returns the colors that differ by at least `distance` from each of `others`.
    static func far(from others: [Color], by distance: Int) -> [Color] {
        allCases.filter { color in others.allSatisfy { color.rgb.distance(to: $0.rgb) >= distance } }
    }
}
