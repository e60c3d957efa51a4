/// HTML's character references, resolved as by Python's `html.unescape`.
enum HTMLEntities {
    /// The characters that a name represents.
    struct Entity: Sendable {
        let value: [Unicode.Scalar]
        /// Whether the name is also recognized without its semicolon.
        let isLegacy: Bool
    }

    /// The entities by name, from `entities.txt`.
    ///
    /// Its words are `name=value` with scalars in hexadecimal, or `name!value` for a name that needs no semicolon.
    static let named: [String: Entity] = {
        var named: [String: Entity] = [:]
        for word in String(decoding: PackageResources.entities_txt, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        {
            guard let mark = word.firstIndex(where: { $0 == "=" || $0 == "!" }) else { continue }
            let value = word[word.index(after: mark)...].split(separator: "+")
                .compactMap { UInt32($0, radix: 16) }.compactMap(Unicode.Scalar.init)
            named[String(word[..<mark])] = Entity(value: value, isLegacy: word[mark] == "!")
        }
        return named
    }()

    /// Resolves references once, including those without a semicolon and names that start with a legacy name.
    ///
    /// Decimal numbers have any length; Python refuses more than 4300 digits.
    static func unescaped(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("&") else { return text }
        return text.replacingMatches { text[$0] == "&" ? reference(in: text, at: $0 + 1) : nil }
    }

    /// The characters and the end of the reference after an ampersand; nil if there is none.
    private static func reference(in text: [Unicode.Scalar], at start: Int) -> (
        replacement: [Unicode.Scalar], end: Int
    )? {
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
        // The longest legacy name with which it starts, of at least two letters.
        for count in stride(from: hasSemicolon ? letters : min(letters, name.count - 1), through: 2, by: -1) {
            if let prefix = entity(count), prefix.isLegacy {
                let rest = hasSemicolon ? name.dropFirst(count) + [";"] : name.dropFirst(count)
                return (prefix.value + rest, hasSemicolon ? end + 1 : end)
            }
        }
        return (["&"] + name + (hasSemicolon ? [";"] : []), hasSemicolon ? end + 1 : end)
    }

    private static func numeric(in text: [Unicode.Scalar], at start: Int) -> (replacement: [Unicode.Scalar], end: Int)?
    {
        var position = start
        var radix: UInt32 = 10
        if position < text.count, text[position] == "x" || text[position] == "X" {
            radix = 16
            position += 1
        }
        let first = position
        var number: UInt32 = 0
        while position < text.count, let digit = Character(text[position]).hexDigitValue, text[position].isASCII,
            digit < radix
        {
            // Clamped just above the last code point.
            number = min(number * radix + UInt32(digit), 0x110000)
            position += 1
        }
        guard position > first else { return nil }
        if position < text.count, text[position] == ";" { position += 1 }
        return (character(number), position)
    }

    /// The characters of a numeric reference by HTML 5's rules.
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

    /// Resolves unambiguous references as ftfy does: a semicolon is required, and names in capitals are recognized too.
    static func unescapedWhereCertain(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("&") else { return text }
        return text.replacingMatches { index in
            guard text[index] == "&", let end = endOfCertainReference(in: text, at: index) else { return nil }
            return (certain(Array(text[index ..< end])), end)
        }
    }

    private static func endOfCertainReference(in text: [Unicode.Scalar], at ampersand: Int) -> Int? {
        var position = ampersand + 1
        if position < text.count, text[position] == "#" { position += 1 }
        let first = position
        while position < text.count, position - first <= 24, text[position].isASCII, text[position].isPythonWord,
            text[position] != "_"
        {
            position += 1
        }
        guard 1 ... 24 ~= position - first, position < text.count, text[position] == ";" else { return nil }
        return position + 1
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
