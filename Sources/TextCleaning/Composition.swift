internal import CUTF8Proc

/// The composed normalization forms of Unicode.
enum Composition {
    /// The code point before the first final consonant of Hangul, which composes with nothing.
    private static let noFinal: Unicode.Scalar = "\u{11A7}"

    /// `text` in Normalization Form C.
    static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        // Nothing below U+0300 composes with anything below it.
        if text.allSatisfy({ $0.value < 0x300 }) { return text }
        // utf8proc 2.8 loses this code point after a syllable without a final consonant.
        let pieces = text.split(separator: noFinal, omittingEmptySubsequences: false)
        let composed = pieces.map { normalized(Array($0), [UTF8PROC_STABLE, UTF8PROC_COMPOSE]) }
        return Array(composed.joined(separator: [noFinal]))
    }

    /// `text` in Normalization Form KC, which replaces characters that differ in appearance alone.
    static func composedWithoutAppearance(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        normalized(text, [UTF8PROC_STABLE, UTF8PROC_COMPOSE, UTF8PROC_COMPAT])
    }

    /// Decomposes and composes `text`, with `utf8proc_decompose` and `utf8proc_normalize_utf32`.
    private static func normalized(_ text: [Unicode.Scalar], _ choices: [utf8proc_option_t]) -> [Unicode.Scalar] {
        let options = utf8proc_option_t(choices.reduce(0) { $0 | $1.rawValue })
        let bytes = Array(String(String.UnicodeScalarView(text)).utf8)
        let size = unsafe utf8proc_decompose(bytes, bytes.count, nil, 0, options)
        precondition(size >= 0, "no normal form of \(bytes.count) bytes")
        var points = [Int32](repeating: 0, count: size)
        _ = unsafe utf8proc_decompose(bytes, bytes.count, &points, size, options)
        let count = unsafe utf8proc_normalize_utf32(&points, size, options)
        return points.prefix(count).compactMap { Unicode.Scalar(UInt32($0)) }
    }
}
