internal import Foundation

/// Normalization Form C.
///
/// Foundation's implementation in Swift 6.3 does not compose a final consonant with a Hangul syllable, treats one vowel
/// and one initial too many as Hangul, and does not reorder marks from a letter's decomposition. So a text is
/// decomposed first, and Hangul composed here.
enum Composition {
    private static let syllables: UInt32 = 0xAC00
    private static let initials: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    /// The code point before the first final consonant, which represents none.
    private static let finals: UInt32 = 0x11A7
    private static let initialCount: UInt32 = 19
    private static let vowelCount: UInt32 = 21
    private static let finalCount: UInt32 = 28

    /// `text` in NFC.
    static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        // Nothing below U+0300 composes with anything below it.
        if text.allSatisfy({ $0.value < 0x300 }) { return text }
        let decomposed = String(String.UnicodeScalarView(text)).decomposedStringWithCanonicalMapping.unicodeScalars
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var others = String.UnicodeScalarView()
        func takeOthers() {
            result += String(others).precomposedStringWithCanonicalMapping.unicodeScalars
            others = .init()
        }
        for scalar in decomposed {
            guard 0x1100 ... 0x11FF ~= scalar.value else {
                others.append(scalar)
                continue
            }
            // Hangul letters compose only with adjacent ones.
            if !others.isEmpty { takeOthers() }
            if let syllable = result.last.flatMap({ syllable($0, scalar) }) {
                result[result.count - 1] = syllable
            } else {
                result.append(scalar)
            }
        }
        if !others.isEmpty { takeOthers() }
        return result
    }

    /// The syllable of an initial and a vowel, or of such a syllable and a final consonant.
    private static func syllable(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        let first = first.value
        let second = second.value
        if (initials ..< initials + initialCount).contains(first), (vowels ..< vowels + vowelCount).contains(second) {
            return Unicode.Scalar(syllables + ((first - initials) * vowelCount + second - vowels) * finalCount)
        }
        let isOpen =
            (syllables ..< syllables + initialCount * vowelCount * finalCount).contains(first)
            && (first - syllables) % finalCount == 0
        guard isOpen, (finals + 1 ..< finals + finalCount).contains(second) else { return nil }
        return Unicode.Scalar(first + second - finals)
    }
}
