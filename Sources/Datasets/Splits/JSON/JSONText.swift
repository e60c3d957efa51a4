/// JSON string literals.
package enum JSONText {
    /// Appends `text` as a string in UTF-8, escaping only the characters that JSON requires.
    package static func append(_ text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0 ..< 32: bytes.append(contentsOf: escape(UInt16(byte)))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends `text` as a string in ASCII with UTF-16 escapes, as CPython's `json.dumps` writes it.
    package static func appendASCII(_ text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            // CPython escapes DEL as well.
            case 0 ..< 32, 127: bytes.append(contentsOf: escape(UInt16(byte)))
            case 32 ..< 127: bytes.append(byte)
            default:
                bytes.removeSubrange(start...)
                appendEscaped(String(decoding: Array(text), as: UTF8.self), to: &bytes)
                return
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 34, 92: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(unit)])
            case 32 ..< 127: bytes.append(UInt8(unit))
            default: bytes.append(contentsOf: escape(unit))
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
        default:
            let digits = String(unit, radix: 16)
            return Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
        }
    }
}
