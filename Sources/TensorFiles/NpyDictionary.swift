internal import Core

/// Parses the Python dictionary in a `.npy` header, and nothing else of Python.
struct NpyDictionary {
    private let text: [UInt8]
    private let path: String
    private var place = 0

    private(set) var descriptor: String?
    private(set) var isFortranOrder: Bool?
    private(set) var shape: [Int]?

    init(text: [UInt8], path: String) {
        self.text = text
        self.path = path
    }

    /// Reads the whole header; each key must come exactly once.
    mutating func parse() throws(Fault) {
        try take("{")
        while !takeIfPresent("}") {
            try parseEntry()
            if takeIfPresent(",") { continue }
            try take("}")
            break
        }
        skipSpaces()
        guard place == text.count else { throw fault("text after the dictionary", "only spaces up to the data") }
    }

    private mutating func parseEntry() throws(Fault) {
        let key = try string()
        try take(":")
        switch key {
        case "descr" where descriptor == nil:
            skipSpaces()
            guard place < text.count, text[place] != UInt8(ascii: "[") else {
                throw fault("a structured type", "one type for all elements")
            }
            descriptor = try string()
        case "fortran_order" where isFortranOrder == nil:
            if takeIfPresent("True") {
                isFortranOrder = true
            } else {
                try take("False")
                isFortranOrder = false
            }
        case "shape" where shape == nil: shape = try tuple()
        default: throw fault("the key '\(key)'", "'descr', 'fortran_order' and 'shape', each once")
        }
    }

    private mutating func tuple() throws(Fault) -> [Int] {
        try take("(")
        var numbers: [Int] = []
        while !takeIfPresent(")") {
            guard numbers.count < TensorShape.maximumRank else {
                throw fault("more than \(TensorShape.maximumRank) axes", "a shape that numpy writes")
            }
            numbers.append(try number())
            if takeIfPresent(",") { continue }
            guard numbers.count > 1 else { throw fault("a shape that is no tuple", "a tuple like (3, 4)") }
            try take(")")
            break
        }
        return numbers
    }

    private mutating func number() throws(Fault) -> Int {
        skipSpaces()
        var value = 0
        let start = place
        while place < text.count, (UInt8(ascii: "0") ... UInt8(ascii: "9")).contains(text[place]) {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(text[place] - UInt8(ascii: "0")))
            guard !overflow, !carry else {
                throw fault("an axis past the 64-bit numbers", "a shape that fits the file")
            }
            value = sum
            place += 1
        }
        guard place > start else { throw fault("an axis that is no number", "a tuple like (3, 4)") }
        // Python 2 wrote its long integers so.
        if place < text.count, text[place] == UInt8(ascii: "L") { place += 1 }
        return value
    }

    private mutating func string() throws(Fault) -> String {
        skipSpaces()
        guard place < text.count, text[place] == UInt8(ascii: "'") || text[place] == UInt8(ascii: "\"") else {
            throw fault("no quoted word at byte \(place) of the header", "a dictionary as numpy writes it")
        }
        let quote = text[place]
        let start = place + 1
        guard let end = text[start...].firstIndex(of: quote), end - start <= 32 else {
            throw fault("a word without end at byte \(place) of the header", "a short quoted word")
        }
        place = end + 1
        guard text[start ..< end].allSatisfy({ (32 ..< 127).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw fault("unprintable characters at byte \(start) of the header", "a plain quoted word")
        }
        return String(decoding: text[start ..< end], as: UTF8.self)
    }

    private mutating func skipSpaces() {
        while place < text.count, text[place] == 0x20 || text[place] == 0x0A { place += 1 }
    }

    private mutating func takeIfPresent(_ word: StaticString) -> Bool {
        skipSpaces()
        let wanted = Array("\(word)".utf8)
        guard place + wanted.count <= text.count, text[place ..< place + wanted.count].elementsEqual(wanted) else {
            return false
        }
        place += wanted.count
        return true
    }

    private mutating func take(_ word: StaticString) throws(Fault) {
        guard takeIfPresent(word) else {
            throw fault("no '\(word)' at byte \(place) of the header", "a dictionary as numpy writes it")
        }
    }

    private func fault(_ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: "make the file again with numpy.save")
    }
}
