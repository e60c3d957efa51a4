/// The roles of a character in mojibake: ftfy's categories, and some for ASCII.
enum MojibakeRole: UInt32, CaseIterable {
    case common, control, bad, law, currency, opening, closing, numeric, face
    case upperAccented, lowerAccented, upperCommon, lowerCommon, box
    case asciiLower, asciiLetter, noASCIILetter, space, word, noLineBreak

    /// The role as one bit of a set.
    var bit: UInt32 { 1 << rawValue }

    private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ("\($0)"[...], $0) })

    /// Returns the role of this name in the tables.
    static func named(_ name: Substring) -> MojibakeRole? { named[name] }

    /// The set of the roles of `scalar`.
    static func roles(of scalar: Unicode.Scalar) -> UInt32 {
        let isLower = "a" ... "z" ~= scalar
        let isLetter = isLower || "A" ... "Z" ~= scalar
        var roles = listed[scalar] ?? 0
        if isLower { roles |= asciiLower.bit }
        roles |= isLetter ? asciiLetter.bit : noASCIILetter.bit
        if scalar.isPythonSpace { roles |= space.bit }
        if scalar.isPythonWord { roles |= word.bit }
        if scalar != "\n" { roles |= noLineBreak.bit }
        return roles
    }

    /// The roles from `mojibake_roles.txt`.
    private static let listed: [Unicode.Scalar: UInt32] = {
        var listed: [Unicode.Scalar: UInt32] = [:]
        for line in tableLines(PackageResources.mojibake_roles_txt) {
            let words = line.split(separator: " ")
            guard let role = named(words[0]) else { preconditionFailure("no role '\(words[0])'") }
            for scalar in words.dropFirst().flatMap(tableCharacters) { listed[scalar, default: 0] |= role.bit }
        }
        return listed
    }()
}

/// Returns the lines of a table without comments and empty lines.
func tableLines(_ table: [UInt8]) -> [Substring] {
    String(decoding: table, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
}

/// Returns the characters that a table gives as `"characters"`, `U+HEX` or `U+FIRST-LAST`.
func tableCharacters(_ text: Substring) -> [Unicode.Scalar] {
    guard text.hasPrefix("U+") else { return Array(text.dropFirst().dropLast().unicodeScalars) }
    let ends = text.dropFirst(2).split(separator: "-").compactMap { UInt32($0, radix: 16) }
    return (ends[0] ... ends[ends.count - 1]).compactMap(Unicode.Scalar.init)
}
