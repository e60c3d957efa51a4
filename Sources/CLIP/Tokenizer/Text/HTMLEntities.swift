/// Character references of HTML, resolved as Python's `html.unescape` does.
enum HTMLEntities {
    /// What a name stands for.
    struct Entity: Sendable {
        let value: [Unicode.Scalar]
        /// Whether the name counts without its semicolon, too.
        let isLegacy: Bool
    }

    static let named: [String: Entity] = {
        var named: [String: Entity] = [:]
        for word in table.split(whereSeparator: \.isWhitespace) {
            guard let mark = word.firstIndex(where: { $0 == "=" || $0 == "!" }) else { continue }
            let value = word[word.index(after: mark)...].split(separator: "+")
                .compactMap { UInt32($0, radix: 16) }.compactMap(Unicode.Scalar.init)
            named[String(word[..<mark])] = Entity(value: value, isLegacy: word[mark] == "!")
        }
        return named
    }()

    /// Resolves references once, also those without a semicolon and those that merely start with a legacy name.
    ///
    /// A decimal number of any length is read, where Python refuses more than 4300 digits.
    static func unescaped(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("&") else { return text }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            if text[place] == "&", let (value, end) = reference(in: text, at: place + 1) {
                result += value
                place = end
            } else {
                result.append(text[place])
                place += 1
            }
        }
        return result
    }

    /// What the reference stands for that follows an ampersand, and where it ends; nil where none follows.
    private static func reference(in text: [Unicode.Scalar], at start: Int) -> ([Unicode.Scalar], end: Int)? {
        guard start < text.count else { return nil }
        if text[start] == "#" { return numeric(in: text, at: start + 1) }
        var end = start
        while end < text.count, end - start < 32, !"\t\n\u{C} <&#;".unicodeScalars.contains(text[end]) { end += 1 }
        guard end > start else { return nil }
        let hasSemicolon = end < text.count && text[end] == ";"
        let name = text[start ..< end]
        let letters = name.prefix { $0.isASCII }.count
        func entity(_ count: Int) -> Entity? { named[String(String.UnicodeScalarView(name.prefix(count)))] }
        if letters == name.count, let whole = entity(letters), hasSemicolon || whole.isLegacy {
            return (whole.value, hasSemicolon ? end + 1 : end)
        }
        // The longest legacy name that it starts with, of two letters at least.
        for count in stride(from: hasSemicolon ? letters : min(letters, name.count - 1), through: 2, by: -1) {
            if let prefix = entity(count), prefix.isLegacy {
                let rest = hasSemicolon ? name.dropFirst(count) + [";"] : name.dropFirst(count)
                return (prefix.value + rest, hasSemicolon ? end + 1 : end)
            }
        }
        return (["&"] + name + (hasSemicolon ? [";"] : []), hasSemicolon ? end + 1 : end)
    }

    private static func numeric(in text: [Unicode.Scalar], at start: Int) -> ([Unicode.Scalar], end: Int)? {
        var place = start
        var radix: UInt32 = 10
        if place < text.count, text[place] == "x" || text[place] == "X" {
            radix = 16
            place += 1
        }
        let first = place
        var number: UInt32 = 0
        while place < text.count, let digit = Character(text[place]).hexDigitValue, text[place].isASCII, digit < radix {
            // Held above the last code point once it is there.
            number = min(number * radix + UInt32(digit), 0x110000)
            place += 1
        }
        guard place > first else { return nil }
        if place < text.count, text[place] == ";" { place += 1 }
        return (character(number), place)
    }

    /// What a number stands for, as HTML 5 has it.
    private static func character(_ number: UInt32) -> [Unicode.Scalar] {
        if number == 0 { return ["\u{FFFD}"] }
        if number == 0x0D { return ["\r"] }
        guard let scalar = Unicode.Scalar(number) else { return ["\u{FFFD}"] }
        switch number {
        case 0x80 ... 0x9F: return [EncodingRepair.withoutControl(scalar)]
        case 0x01 ... 0x08, 0x0B, 0x0E ... 0x1F, 0x7F, 0xFDD0 ... 0xFDEF: return []
        default: return number & 0xFFFE == 0xFFFE ? [] : [scalar]
        }
    }

    /// Resolves what can be nothing else than a reference, as ftfy does: a semicolon is required, and common names are known in
    /// capitals, too.
    static func unescapedWhereCertain(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("&") else { return text }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            guard text[place] == "&", let end = endOfCertainReference(in: text, at: place) else {
                result.append(text[place])
                place += 1
                continue
            }
            result += certain(Array(text[place ..< end]))
            place = end
        }
        return result
    }

    private static func endOfCertainReference(in text: [Unicode.Scalar], at ampersand: Int) -> Int? {
        var place = ampersand + 1
        if place < text.count, text[place] == "#" { place += 1 }
        let first = place
        while place < text.count, place - first <= 24, text[place].isASCII, text[place].isPythonWord, text[place] != "_"
        {
            place += 1
        }
        guard 1 ... 24 ~= place - first, place < text.count, text[place] == ";" else { return nil }
        return place + 1
    }

    private static func certain(_ reference: [Unicode.Scalar]) -> [Unicode.Scalar] {
        if reference[1] == "#" {
            let value = unescaped(reference)
            return value.contains(";") ? reference : value
        }
        let name = String(String.UnicodeScalarView(reference[1 ..< reference.count - 1]))
        if let entity = named[name] { return entity.value }
        let lower = name.lowercased()
        guard name == name.uppercased(), let entity = named[lower], unescaped(reference) == reference else {
            return reference
        }
        return entity.value.flatMap { Array($0.properties.uppercaseMapping.unicodeScalars) }
    }
}
