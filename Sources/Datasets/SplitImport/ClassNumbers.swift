internal import Core

/// Numbers and identifiers in class names, which say nothing in prompts.
extension ClassNaming {
    /// Returns the names without the numbers that count or identify the classes: `001.Black_footed_Albatross`,
    /// `n02085620-Chihuahua` and `cat_02` become `Black_footed_Albatross`, `Chihuahua` and `cat`.
    ///
    /// Names are unchanged unless each of them has another number and none is repeated without it. Numbers from 1900 to
    /// 2099 are years, and numbers at the end must count the classes from 0 or 1: `Boeing 707` is a name.
    public static func withoutNumbers(_ names: [String]) -> [String] {
        guard names.count > 1 else { return names }
        let numbered = names.compactMap(NumberedName.init(prefixOf:))
        if numbered.count == names.count, areDistinct(numbered), !numbered.allSatisfy(\.isYear) {
            return numbered.map(\.name)
        }
        let suffixed = names.compactMap(NumberedName.init(suffixOf:))
        guard suffixed.count == names.count, areDistinct(suffixed) else { return names }
        let isCount = suffixed.allSatisfy(\.isWordNet) || areConsecutive(suffixed.compactMap(\.value))
        return isCount ? suffixed.map(\.name) : names
    }

    private static func areDistinct(_ names: [NumberedName]) -> Bool {
        Set(names.map(\.number)).count == names.count && Set(names.map { cleaned($0.name) }).count == names.count
    }

    private static func areConsecutive(_ numbers: [Int]) -> Bool {
        let sorted = numbers.sorted()
        guard let first = sorted.first, (0 ... 1).contains(first) else { return false }
        return sorted == Array(first ..< first + sorted.count)
    }

    /// Returns a sentence for each kind of names that no prompt should contain.
    static func notes(on names: [String]) -> [String] {
        let advice = "replace them with words in the split's 'classes', or give names with \(OptionName("classes"))"
        var notes: [String] = []
        func note(_ kind: String, _ isMeant: (String) -> Bool) {
            let found = names.filter(isMeant)
            guard !found.isEmpty else { return }
            notes.append(
                "\(listed(found, "class", "classes")) named by \(kind), which are meaningless in prompts; \(advice)")
        }
        note("WordNet identifiers", isWordNetIdentifier)
        note("numbers") { $0.utf8.allSatisfy { (48 ... 57).contains($0) } }
        note("hashes or other identifiers", isIdentifier)
        let empty = names.filter { emptyNames.contains($0.lowercased()) }
        if !empty.isEmpty, empty.count < names.count {
            notes.append(
                "\(listed(empty, "class", "classes")) whose name does not say what the images show; leave these images "
                    + "out if they are not a class")
        }
        if let word = commonWord(of: names) {
            notes.append(
                "\(listed(names, "class", "classes")) that differ only in the number after '\(word)'; \(advice)")
        }
        let spellings = Dictionary(grouping: names) { $0.lowercased() }.values.filter { $0.count > 1 }
        if let same = spellings.min(by: { $0[0] < $1[0] }) {
            notes.append("\(listed(same, "class", "classes")) whose names differ only in case; are they the same?")
        }
        let numbered = names.compactMap { name in NumberedName(prefixOf: name).map { (name, $0) } }
        if numbered.count > 1, 2 * numbered.count > names.count, !numbered.allSatisfy(\.1.isYear),
            Set(numbered.map(\.1.number)).count == numbered.count
        {
            notes.append(
                "\(listed(numbered.map(\.0), "class", "classes")) with a number before the name, which prompts repeat; "
                    + "remove it in the split's 'classes' if it only counts the classes")
        }
        return notes
    }

    /// Names of folders for what is in no other class, in lower case.
    private static let emptyNames: Set<String> = [
        "other", "others", "misc", "miscellaneous", "unknown", "none", "unlabeled", "unlabelled", "unsorted",
        "uncategorized", "unclassified", "background", "noise", "negative", "todo", "new folder", "untitled folder",
        "nothing", "n/a", "na", "nan", "null", "undefined", "default",
    ]

    /// The word that all names have before their numbers, such as `class` in `class_1` and `class_2`; nil for none.
    private static func commonWord(of names: [String]) -> String? {
        guard names.count > 1 else { return nil }
        let words = names.map { name in name.prefix { !$0.isNumber } }
        let isCommon = zip(names, words).allSatisfy { name, word in
            let rest = name.dropFirst(word.count)
            return word == words[0] && !rest.isEmpty && rest.allSatisfy(\.isNumber)
        }
        let word = words[0].filter { $0.isLetter || $0 == " " }.trimmed
        return isCommon && !word.isEmpty && !names.allSatisfy(isWordNetIdentifier) ? word : nil
    }

    /// Whether `name` is a UUID, a hexadecimal hash, or an identifier of Freebase.
    private static func isIdentifier(_ name: String) -> Bool {
        let letters = name.lowercased()
        let digits = letters.filter { !" -_".contains($0) }
        let isHexadecimal = digits.allSatisfy(\.isHexDigit) && digits.contains(where: \.isNumber)
        let isHash = digits.count >= 8 && isHexadecimal && digits.contains(where: \.isLetter)
        return isHash || letters.hasPrefix("m.0") && !letters.contains(" ")
    }
}

/// A name with a number that counts or identifies its class.
private struct NumberedName {
    let number: String
    let name: String

    /// A name after its number, such as `001.Black_footed_Albatross`, `(2) cat` or `class3-dog`.
    init?(prefixOf text: String) {
        let start = text.drop { "([{# ".contains($0) }
        let word = start.prefix(while: \.isLetter)
        guard Self.words.contains(word.lowercased()) else { return nil }
        let digits = start.dropFirst(word.count).prefix(while: Self.isDigit)
        let rest = start.dropFirst(word.count + digits.count)
        let name = rest.drop { Self.separators.contains($0) }
        self.init(digits, String(name), word: word, isSeparated: name.count < rest.count)
    }

    /// A name before its number, such as `cat_01` or `Chihuahua-n02085620`.
    init?(suffixOf text: String) {
        let end = String(text.reversed()).drop { ")]} ".contains($0) }
        let digits = end.prefix(while: Self.isDigit)
        let isWordNet = digits.count == 8 && end.dropFirst(8).first == "n"
        let rest = end.dropFirst(digits.count + (isWordNet ? 1 : 0))
        let name = rest.drop { Self.separators.contains($0) || "([{#".contains($0) }
        self.init(
            Substring(digits.reversed()), String(name.reversed()), word: isWordNet ? "n" : "",
            isSeparated: name.count < rest.count)
    }

    private init?(_ digits: Substring, _ name: String, word: Substring, isSeparated: Bool) {
        guard !digits.isEmpty, isSeparated, name.contains(where: \.isLetter) else { return nil }
        // Of single letters, only the `n` of WordNet's identifiers is part of a number.
        guard word != "n" || digits.count == 8 else { return nil }
        number = word.lowercased() + digits
        self.name = name
    }

    /// The number; nil for an identifier or a number too large to count classes.
    var value: Int? { Int(number) }

    var isWordNet: Bool { ClassNaming.isWordNetIdentifier(number) }

    var isYear: Bool { value.map { number.count == 4 && (1900 ... 2099).contains($0) } ?? false }

    private static let words: Set<String> = ["", "n", "class", "cls", "category", "label", "id", "no"]
    private static let separators: Set<Character> = [" ", "_", "-", ".", ":", ",", ")", "]", "}"]

    private static func isDigit(_ character: Character) -> Bool { ("0" ... "9").contains(character) }
}
