internal import Core

/// A parser of the JSON in a `.safetensors` header.
///
/// Unlike a general JSON parser, it rejects duplicate keys and nesting beyond the format's.
struct SafetensorsJSON: ~Escapable {
    private var scanner: HeaderScanner

    private(set) var entries: [String: SafetensorsHeader.Entry] = [:]
    private(set) var metadata: [String: String] = [:]
    private var hasMetadata = false

    @_lifetime(copy text)
    init(text: Span<UInt8>, path: String) {
        scanner = HeaderScanner(text, path: path, remedy: "write the file again with safetensors")
    }

    /// Parses the whole text.
    mutating func parse() throws(Fault) {
        guard scanner.next == UInt8(ascii: "{") else {
            throw scanner.invalid("a header that does not start with '{'", "a JSON object")
        }
        try scanner.skip("{")
        if !scanner.skipIfPresent("}") {
            repeat { try parseEntry() } while scanner.skipIfPresent(",")
            try scanner.skip("}")
        }
        scanner.skipSpaces()
        guard scanner.next == nil else { throw scanner.invalid("text after the header's object", "only spaces") }
    }

    private mutating func parseEntry() throws(Fault) {
        let name = try string()
        try scanner.skip(":")
        if name == "__metadata__" {
            guard !hasMetadata else { throw scanner.invalid("'__metadata__' twice", "each name once") }
            hasMetadata = true
            try parseMetadata()
            return
        }
        let entry = try tensor(name)
        guard entries.updateValue(entry, forKey: name) == nil else {
            throw scanner.invalid("the tensor '\(name)' twice", "each name once")
        }
    }

    private mutating func parseMetadata() throws(Fault) {
        try scanner.skip("{")
        if scanner.skipIfPresent("}") { return }
        repeat {
            let key = try string()
            try scanner.skip(":")
            let value = try string()
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw scanner.invalid("'\(key)' twice in '__metadata__'", "each key once")
            }
        } while scanner.skipIfPresent(",")
        try scanner.skip("}")
    }

    private mutating func tensor(_ name: String) throws(Fault) -> SafetensorsHeader.Entry {
        var code: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.skip("{")
        repeat {
            let key = try string()
            try scanner.skip(":")
            switch key {
            case "dtype" where code == nil: code = try string()
            case "shape" where shape == nil: shape = try numbers(atMost: TensorShape.maximumRank)
            case "data_offsets" where offsets == nil: offsets = try numbers(atMost: 2)
            default:
                throw scanner.invalid(
                    "the field '\(key)' in tensor '\(name)'", "dtype, shape, and data_offsets, each once")
            }
        } while scanner.skipIfPresent(",")
        try scanner.skip("}")
        guard let code, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw scanner.invalid(
                "an incomplete description of tensor '\(name)'", "dtype, shape, and two ascending data_offsets")
        }
        return SafetensorsHeader.Entry(code: code, shape: shape, range: offsets[0] ..< offsets[1])
    }

    private mutating func numbers(atMost limit: Int) throws(Fault) -> [Int] {
        var numbers: [Int] = []
        try scanner.skip("[")
        if scanner.skipIfPresent("]") { return numbers }
        repeat {
            guard numbers.count < limit else {
                throw scanner.invalid("more than \(limit) numbers in a list", "a tensor's shape")
            }
            numbers.append(try scanner.number())
        } while scanner.skipIfPresent(",")
        try scanner.skip("]")
        return numbers
    }

    // MARK: Strings

    private mutating func string() throws(Fault) -> String {
        try scanner.skip("\"")
        var characters: [UInt8] = []
        while true {
            guard let byte = scanner.read() else { throw scanner.invalid("an unterminated string", "valid JSON") }
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: characters, as: UTF8.self) else {
                    throw scanner.invalid("a string that is not UTF-8", "valid JSON")
                }
                return string
            case UInt8(ascii: "\\"): characters.append(contentsOf: try escape())
            case 0 ..< 0x20: throw scanner.invalid("a control character in a string", "valid JSON")
            default: characters.append(byte)
            }
        }
    }

    /// Decodes the escape sequence after a backslash to UTF-8.
    private mutating func escape() throws(Fault) -> [UInt8] {
        guard let mark = scanner.read() else { throw scanner.invalid("an unterminated string", "valid JSON") }
        let plain: [Unicode.Scalar: UInt8] = [
            "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 0x08, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09,
        ]
        if let byte = plain[Unicode.Scalar(mark)] { return [byte] }
        guard mark == UInt8(ascii: "u") else { throw scanner.invalid("an unknown escape in a string", "valid JSON") }
        var units = [try hexadecimal()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard scanner.read() == UInt8(ascii: "\\"), scanner.read() == UInt8(ascii: "u") else {
                throw scanner.invalid("half a surrogate pair in a string", "valid JSON")
            }
            units.append(try hexadecimal())
        }
        guard let character = String(validating: units, as: UTF16.self) else {
            throw scanner.invalid("half a surrogate pair in a string", "valid JSON")
        }
        return Array(character.utf8)
    }

    private mutating func hexadecimal() throws(Fault) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0 ..< 4 {
            guard let byte = scanner.read(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw scanner.invalid("an unfinished \\u escape", "four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
