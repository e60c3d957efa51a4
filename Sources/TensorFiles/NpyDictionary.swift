internal import Core

/// A parser of the Python dictionary in a `.npy` header.
struct NpyDictionary: ~Escapable {
    private var scanner: HeaderScanner

    private(set) var descriptor: String?
    private(set) var isFortranOrder: Bool?
    private(set) var shape: [Int]?

    @_lifetime(copy text)
    init(_ text: Span<UInt8>, path: String) {
        scanner = HeaderScanner(text, path: path, remedy: "write the file again with numpy.save")
    }

    /// Parses the whole header; each key must appear exactly once.
    mutating func parse() throws(Fault) {
        try scanner.skip("{")
        while !scanner.skipIfPresent("}") {
            try parseEntry()
            if scanner.skipIfPresent(",") { continue }
            try scanner.skip("}")
            break
        }
        scanner.skipSpaces()
        guard scanner.next == nil else {
            throw scanner.invalid("text after the dictionary", "only spaces up to the data")
        }
    }

    private mutating func parseEntry() throws(Fault) {
        let key = try string()
        try scanner.skip(":")
        switch key {
        case "descr" where descriptor == nil:
            scanner.skipSpaces()
            guard scanner.next != UInt8(ascii: "[") else {
                throw scanner.invalid("a structured type", "one type for all elements")
            }
            descriptor = try string()
        case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
        case "shape" where shape == nil: shape = try tuple()
        default: throw scanner.invalid("the key '\(key)'", "'descr', 'fortran_order', and 'shape', each once")
        }
    }

    private mutating func boolean() throws(Fault) -> Bool {
        let value = scanner.skipIfPresent("T")
        for letter in (value ? "rue" : "False").unicodeScalars { try scanner.skip(letter) }
        return value
    }

    private mutating func tuple() throws(Fault) -> [Int] {
        try scanner.skip("(")
        var numbers: [Int] = []
        while !scanner.skipIfPresent(")") {
            guard numbers.count < TensorShape.maximumRank else {
                throw scanner.invalid("more than \(TensorShape.maximumRank) axes", "a shape written by numpy")
            }
            numbers.append(try scanner.number())
            // The suffix of long integers in Python 2.
            _ = scanner.skipIfPresent("L")
            if scanner.skipIfPresent(",") { continue }
            guard numbers.count > 1 else { throw scanner.invalid("a shape that is not a tuple", "a tuple like (3, 4)") }
            try scanner.skip(")")
            break
        }
        return numbers
    }

    private mutating func string() throws(Fault) -> String {
        scanner.skipSpaces()
        let start = scanner.offset
        guard let quote = scanner.read(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw scanner.invalid("no quoted word at byte \(start) of the header", "a dictionary written by numpy")
        }
        var characters: [UInt8] = []
        while true {
            guard let byte = scanner.read(), characters.count <= 32 else {
                throw scanner.invalid("an unterminated word at byte \(start) of the header", "a short quoted word")
            }
            if byte == quote { return String(decoding: characters, as: UTF8.self) }
            guard (32 ..< 127).contains(byte), byte != UInt8(ascii: "\\") else {
                throw scanner.invalid("unprintable characters at byte \(start) of the header", "a plain quoted word")
            }
            characters.append(byte)
        }
    }
}
