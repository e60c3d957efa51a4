/// Red, green and blue, each 0 to 255.
package typealias RGB = SIMD3<Int32>

extension RGB {
    /// How bright the colour is, 0 to 765.
    var total: Int { Int(wrappedSum()) }

    /// The sum of what the channels differ by.
    func distance(to other: RGB) -> Int {
        (0 ..< 3).reduce(0) { $0 + Int(abs(self[$1] - other[$1])) }
    }

    /// The colour on the way to `other`, at `weight` of 256.
    func mixed(with other: RGB, weight: Int32) -> RGB { self &+ (other &- self) &* RGB(repeating: weight) / 256 }

    /// The same grey in each channel.
    var grey: RGB { RGB(repeating: wrappedSum() / 3) }
}

/// A colour that has a name; `rawValue` is the word for it.
public enum Colour: String, Sendable, CaseIterable {
    case red, orange, yellow, green, teal, blue, purple, pink, brown, white, black, gray

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

    /// The colours that differ by at least `distance` from each of `others`.
    static func far(from others: [Colour], by distance: Int) -> [Colour] {
        allCases.filter { colour in others.allSatisfy { colour.rgb.distance(to: $0.rgb) >= distance } }
    }
}
