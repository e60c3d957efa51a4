internal import Core

/// Parses the JSON of a `.safetensors` header.
///
/// A general parser would drop a repeated key and follow any nesting; this one knows the two objects of the format.
struct SafetensorsJSON: ~Escapable {
    private let text: Span<UInt8>
    private let path: String
    private var place = 0

    private(set) var entries: [String: SafetensorsHeader.Entry] = [:]
    private(set) var metadata: [String: String] = [:]
    private var hasMetadata = false

    @_lifetime(copy text)
    init(text: Span<UInt8>, path: String) {
        self.text = text
        self.path = path
    }

    /// Reads the whole text.
    mutating func parse() throws(Fault) {
        guard !text.isEmpty, text[0] == UInt8(ascii: "{") else {
            throw fault("a header that does not start with '{'", "a JSON object")
        }
        try take("{")
        if !takeIfPresent("}") {
            repeat { try parseEntry() } while takeIfPresent(",")
            try take("}")
        }
        skipSpaces()
        guard place == text.count else { throw fault("text after the header's object", "only spaces") }
    }

    private mutating func parseEntry() throws(Fault) {
        let name = try string()
        try take(":")
        if name == "__metadata__" {
            guard !hasMetadata else { throw fault("'__metadata__' twice", "it once") }
            hasMetadata = true
            try parseMetadata()
            return
        }
        let entry = try tensor(name)
        guard entries.updateValue(entry, forKey: name) == nil else {
            throw fault("the tensor '\(name)' twice", "each name once")
        }
    }

    private mutating func parseMetadata() throws(Fault) {
        try take("{")
        if takeIfPresent("}") { return }
        repeat {
            let key = try string()
            try take(":")
            let value = try string()
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw fault("'\(key)' twice in '__metadata__'", "each key once")
            }
        } while takeIfPresent(",")
        try take("}")
    }

    private mutating func tensor(_ name: String) throws(Fault) -> SafetensorsHeader.Entry {
        var code: String?
        var shape: [Int]?
        var offsets: [Int]?
        try take("{")
        repeat {
            let key = try string()
            try take(":")
            switch key {
            case "dtype" where code == nil: code = try string()
            case "shape" where shape == nil: shape = try numbers(atMost: TensorShape.maximumRank)
            case "data_offsets" where offsets == nil: offsets = try numbers(atMost: 2)
            default: throw fault("the field '\(key)' in tensor '\(name)'", "dtype, shape and data_offsets, each once")
            }
        } while takeIfPresent(",")
        try take("}")
        guard let code, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw fault("no complete description of tensor '\(name)'", "dtype, shape and two rising data_offsets")
        }
        return SafetensorsHeader.Entry(code: code, shape: shape, range: offsets[0] ..< offsets[1])
    }

    private mutating func numbers(atMost limit: Int) throws(Fault) -> [Int] {
        var numbers: [Int] = []
        try take("[")
        if takeIfPresent("]") { return numbers }
        repeat {
            guard numbers.count < limit else { throw fault("more than \(limit) numbers in a list", "a tensor's shape") }
            numbers.append(try number())
        } while takeIfPresent(",")
        try take("]")
        return numbers
    }

    private mutating func number() throws(Fault) -> Int {
        skipSpaces()
        var value = 0
        let start = place
        while place < text.count, (UInt8(ascii: "0") ... UInt8(ascii: "9")).contains(text[place]) {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(text[place] - UInt8(ascii: "0")))
            guard !overflow, !carry else { throw fault("a number past 64 bits", "sizes that fit the file") }
            value = sum
            place += 1
        }
        let hasLeadingZero = place > start + 1 && text[start] == UInt8(ascii: "0")
        guard place > start, !hasLeadingZero else { throw fault("no whole number at byte \(start)", "a size") }
        return value
    }

    private mutating func skipSpaces() {
        while place < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[place]) { place += 1 }
    }

    private mutating func takeIfPresent(_ mark: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard place < text.count, UInt32(text[place]) == mark.value else { return false }
        place += 1
        return true
    }

    private mutating func take(_ mark: Unicode.Scalar) throws(Fault) {
        guard takeIfPresent(mark) else { throw fault("no '\(mark)' at byte \(place) of the header", "valid JSON") }
    }

    private func fault(_ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: "write the file again with safetensors")
    }

    // MARK: Strings

    private mutating func string() throws(Fault) -> String {
        try take("\"")
        var characters: [UInt8] = []
        while true {
            guard place < text.count else { throw fault("a string without end", "valid JSON") }
            let byte = text[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: characters, as: UTF8.self) else {
                    throw fault("a string that is no UTF-8", "valid JSON")
                }
                return string
            case UInt8(ascii: "\\"): characters.append(contentsOf: try escape())
            case 0 ..< 0x20: throw fault("a control character in a string", "valid JSON")
            default: characters.append(byte)
            }
        }
    }

    /// The UTF-8 of the escape whose backslash has been read.
    private mutating func escape() throws(Fault) -> [UInt8] {
        guard place < text.count else { throw fault("a string without end", "valid JSON") }
        let mark = text[place]
        place += 1
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [mark]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw fault("an unknown escape in a string", "valid JSON")
        }
        var units = [try hexadecimal()]
        if UTF16.isLeadSurrogate(units[0]), place + 1 < text.count, text[place] == UInt8(ascii: "\\"),
            text[place + 1] == UInt8(ascii: "u")
        {
            place += 2
            units.append(try hexadecimal())
        }
        guard let character = String(validating: units, as: UTF16.self) else {
            throw fault("half a surrogate pair in a string", "valid JSON")
        }
        return Array(character.utf8)
    }

    private mutating func hexadecimal() throws(Fault) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0 ..< 4 {
            guard place < text.count, let digit = Character(Unicode.Scalar(text[place])).hexDigitValue else {
                throw fault("an unfinished \\u escape", "four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            place += 1
        }
        return value
    }
}
