/// The rows of a list of class names, with the label and the identifier that precede or follow each name.
struct NumberedRows {
    private(set) var names: [String]
    /// The label of each name; nil if there are none.
    private(set) var numbers: [Int]?
    /// The identifier of each name; nil if there are none.
    private(set) var keys: [String]?

    /// Names with known labels and identifiers.
    init(names: [String], numbers: [Int]?, keys: [String]?) {
        self.names = names
        self.numbers = numbers
        self.keys = keys
    }

    /// Reads rows such as `0 cat`, `1: dog`, `n02084071 dog`, `cat,0` or just `cat`.
    ///
    /// All rows have a label or none has. After a space, labels are recognized if they are 0, 1, 2, … or 1, 2, 3, … in
    /// any order, since names such as `3 series` begin with numbers as well.
    init(_ lines: [String]) {
        self.init(names: lines, numbers: nil, keys: nil)
        while takeNumbers() || takeIdentifiers() {}
    }

    /// Moves a number from all names to ``numbers``; false if it is not a label.
    private mutating func takeNumbers() -> Bool {
        let rows = names.compactMap(NumberedName.init(leading:))
        if rows.count == names.count, Self.areLabels(rows) {
            guard let numbers else {
                take(rows)
                return true
            }
            // CUB's lines are `1 001.Black_footed_Albatross`, with the folder as second name.
            guard keys == nil, numbers == rows.map(\.number) else { return false }
            keys = names
            names = rows.map(\.name)
            return true
        }
        let trailing = names.compactMap(NumberedName.init(trailing:))
        guard numbers == nil, trailing.count == names.count, Self.areLabels(trailing) else { return false }
        take(trailing)
        return true
    }

    private mutating func take(_ rows: [NumberedName]) {
        numbers = rows.map(\.number)
        names = rows.map(\.name)
    }

    private static func areLabels(_ rows: [NumberedName]) -> Bool {
        let numbers = Set(rows.map(\.number))
        guard !rows.isEmpty, numbers.count == rows.count, !rows.contains(where: { $0.name.isEmpty }) else {
            return false
        }
        if rows.allSatisfy(\.isMarked) { return true }
        // Counts such as `1 finger`, `2 fingers`, `3 fingers` leave the same name again and again.
        let areNames = Set(rows.map(\.name)).count * 100 >= rows.count * 98
        let first = numbers.min() ?? 0
        return areNames && rows.count > 1 && first <= 1 && numbers.max() == first + rows.count - 1
    }

    /// Moves WordNet identifiers such as `n01440764` from the start of all names to ``keys``.
    private mutating func takeIdentifiers() -> Bool {
        guard keys == nil, !names.isEmpty else { return false }
        let rows = names.compactMap { name -> (key: String, name: String)? in
            let key = name.prefix { !$0.isWhitespace && !",;:".contains($0) }
            guard key.utf8.count == 9, key.first == "n", key.dropFirst().allSatisfy(\.isASCIIDigit) else { return nil }
            let rest = String(name.dropFirst(9).drop { $0.isWhitespace || ",;:".contains($0) }).trimmed
            return rest.isEmpty ? nil : (String(key), rest)
        }
        guard rows.count == names.count else { return false }
        keys = rows.map(\.key)
        names = rows.map(\.name)
        return true
    }
}

/// A name and the number beside it.
private struct NumberedName {
    let number: Int
    let name: String
    /// Whether a punctuation mark separates them that would be unusual inside a name.
    let isMarked: Bool

    private static let marks: Set<Character> = [",", ";", ":", "\t", "=", "|"]
    private static let weakMarks: Set<Character> = [".", ")", "-", "_"]

    /// Splits `0 cat`, `0: cat`, `0,"cat"` or `001.cat`.
    init?(leading line: String) {
        let digits = line.prefix(while: \.isASCIIDigit)
        guard let number = Int(digits) else { return nil }
        let blank = line[digits.endIndex...].prefix { $0 == " " }
        let rest = line[blank.endIndex...]
        guard let mark = rest.first else { return nil }
        let isMarked = Self.marks.contains(mark)
        guard isMarked || Self.weakMarks.contains(mark) || !blank.isEmpty else { return nil }
        let hasMark = isMarked || Self.weakMarks.contains(mark)
        self.init(number: number, String(hasMark ? rest.dropFirst() : rest), isMarked ? mark : nil)
    }

    /// Splits `cat 0`, `cat: 0` or `"cat",0`.
    init?(trailing line: String) {
        let digits = line.reversed().prefix(while: \.isASCIIDigit).reversed()
        guard let number = Int(String(digits)) else { return nil }
        let rest = String(line.dropLast(digits.count))
        let name = rest.trimmed
        guard let last = name.last, rest != name || Self.marks.contains(last) else { return nil }
        let mark = Self.marks.contains(last) ? last : rest.hasSuffix("\t") ? "\t" : nil
        self.init(number: number, mark == nil || mark == "\t" ? name : String(name.dropLast()), mark)
    }

    private init(number: Int, _ name: String, _ mark: Character?) {
        self.number = number
        self.name = name.trimmed.unquoted
        isMarked = mark != nil
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0" ... "9").contains(self) }
}

extension String {
    /// The text without the single or double quotation marks around it, which are doubled inside.
    var unquoted: String {
        guard count > 1, let mark = first, mark == last, mark == "\"" || mark == "'" else { return self }
        return String(dropFirst().dropLast()).replacing("\(mark)\(mark)", with: "\(mark)").trimmed
    }
}
