/// The roles of a character in mojibake: ftfy's categories, and some for ASCII.
struct MojibakeClass: OptionSet, Sendable {
    let rawValue: UInt32

    static let common = Self(rawValue: 1 << 0)
    static let control = Self(rawValue: 1 << 1)
    static let bad = Self(rawValue: 1 << 2)
    static let law = Self(rawValue: 1 << 3)
    static let currency = Self(rawValue: 1 << 4)
    static let opening = Self(rawValue: 1 << 5)
    static let closing = Self(rawValue: 1 << 6)
    static let numeric = Self(rawValue: 1 << 7)
    /// Letters that emoticons use in unusual positions.
    static let face = Self(rawValue: 1 << 8)
    static let upperAccented = Self(rawValue: 1 << 9)
    static let lowerAccented = Self(rawValue: 1 << 10)
    static let upperCommon = Self(rawValue: 1 << 11)
    static let lowerCommon = Self(rawValue: 1 << 12)
    static let box = Self(rawValue: 1 << 13)

    static let asciiLower = Self(rawValue: 1 << 14)
    static let asciiLetter = Self(rawValue: 1 << 15)
    static let noASCIILetter = Self(rawValue: 1 << 16)
    static let space = Self(rawValue: 1 << 17)
    static let word = Self(rawValue: 1 << 18)
    static let noLineBreak = Self(rawValue: 1 << 19)

    static let accented: Self = [.lowerAccented, .upperAccented]

    /// The classes of `scalar`.
    init(_ scalar: Unicode.Scalar) {
        var found = Self.listed[scalar] ?? []
        let isLower = "a" ... "z" ~= scalar
        let isLetter = isLower || "A" ... "Z" ~= scalar
        if isLower { found.insert(.asciiLower) }
        found.insert(isLetter ? .asciiLetter : .noASCIILetter)
        if scalar.isPythonSpace { found.insert(.space) }
        if scalar.isPythonWord { found.insert(.word) }
        if scalar != "\n" { found.insert(.noLineBreak) }
        self = found
    }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    private static let listed: [Unicode.Scalar: Self] = {
        var table: [Unicode.Scalar: Self] = [:]
        func add(_ kind: Self, _ characters: String, _ ranges: ClosedRange<UInt32>...) {
            let spread = ranges.joined().compactMap(Unicode.Scalar.init)
            for scalar in Array(characters.unicodeScalars) + spread { table[scalar, default: []].insert(kind) }
        }
        add(.common, "\u{A0}\u{AD}·´–—―…’")
        add(.control, "", 0x80 ... 0x9F)
        add(.bad, "¤¦¨ª¬¯¸ºƒˆˇ˘˛˜†‡‰⌐◊\u{FFFD}")
        add(.law, "§¶")
        add(.currency, "¢£¥₧€")
        add(.opening, "¡©«¿\u{384}\u{385}‘‚“„•‹\u{F8FF}")
        add(.closing, "®»˝”›™")
        add(.numeric, "±²³µ¹¼½¾×÷⁄№∂∆∏∑√∞∩∫≈≠≡≤≥")
        add(.face, "°ŌŐŪŲ", 0xD2 ... 0xD6, 0xD9 ... 0xDC, 0xF2 ... 0xF6, 0xF8 ... 0xFC)
        add(.upperAccented, "ØÜÝĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻĽŁŃŅŇŒŘŚŞŠŢŤŮŰŸŹŻŽҐ", 0xC0 ... 0xD1)
        add(.lowerAccented, "üāăąćčďđēėęěğģīįķĺļľłœŕśşšťźżžґ\u{FB01}\u{FB02}", 0xDF ... 0xF1)
        add(.upperCommon, "ÞΆΌΎΏ", 0x388 ... 0x38A, 0x391 ... 0x3A9, 0x3AA ... 0x3AB, 0x401 ... 0x401, 0x410 ... 0x42F)
        add(.lowerCommon, "", 0x3AC ... 0x3C9, 0x430 ... 0x45F)
        add(.box, "│┌┐┘├┤┬┼▀▄█▌▐░▒▓", 0x2550 ... 0x256C)
        return table
    }()
}
