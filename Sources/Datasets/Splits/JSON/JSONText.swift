/// JSON string literals.
package enum JSONText {
    /// Returns `text` as a string, escaping only the characters that JSON requires.
    package static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text.utf8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `text` as a string in UTF-8, escaping only the characters that JSON requires.
    package static func append(_ text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        append(units: text, to: &bytes) { $0 < 32 }
    }

    /// Appends `text` as a string in ASCII with UTF-16 escapes, as CPython's `json.dumps` writes it.
    package static func appendASCII(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
        // CPython escapes DEL as well.
        if text.contains(where: { $0 > 127 }) {
            append(units: String(decoding: text, as: UTF8.self).utf16, to: &bytes) { !(32 ..< 127).contains($0) }
        } else {
            append(units: text, to: &bytes) { !(32 ..< 127).contains($0) }
        }
    }

    /// Appends code units, of which those that do not fit a byte have to be escaped.
    private static func append<Unit: FixedWidthInteger & UnsignedInteger>(
        units: some Sequence<Unit>, to bytes: inout [UInt8], escaping isEscaped: (Unit) -> Bool
    ) {
        bytes.append(UInt8(ascii: "\""))
        for unit in units {
            if isEscaped(unit) {
                bytes += escape(UInt16(unit))
            } else {
                if unit == 34 || unit == 92 { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(UInt8(truncatingIfNeeded: unit))
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ unit: UInt16) -> [UInt8] {
        switch unit {
        case 8: return Array("\\b".utf8)
        case 9: return Array("\\t".utf8)
        case 10: return Array("\\n".utf8)
        case 12: return Array("\\f".utf8)
        case 13: return Array("\\r".utf8)
        default: return Array("\\u\(String(0x10000 + Int(unit), radix: 16).dropFirst())".utf8)
        }
    }
}
