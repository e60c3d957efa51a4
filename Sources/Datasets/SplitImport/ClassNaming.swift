internal import Core
internal import Splits

/// Class names as prompts need them, made of the names of folders and labels.
public enum ClassNaming {
    /// The words that `name` is made of: `AnnualCrop` and `annual_crop` are `Annual Crop` and `annual crop`.
    ///
    /// Underscores and hyphens become spaces, a capital after a small letter starts a word, and so does the last of
    /// several capitals before a small letter (`HTTPServer`). Digits end no word.
    /// WordNet's identifiers stay as they are.
    public static func cleaned(_ name: String) -> String {
        guard !isWordNetIdentifier(name) else { return name }
        let letters = Array(name)
        var words = ""
        for (place, letter) in letters.enumerated() {
            if letter == "_" || letter == "-" || letter.isWhitespace {
                words.append(" ")
                continue
            }
            if place > 0, letter.isUppercase {
                let before = letters[place - 1]
                let isWordAfterCapitals =
                    before.isUppercase && place + 1 < letters.count && letters[place + 1].isLowercase
                if before.isLowercase || isWordAfterCapitals { words.append(" ") }
            }
            words.append(letter)
        }
        let cleaned = words.split(separator: " ").joined(separator: " ")
        return cleaned.isEmpty ? name : cleaned
    }

    /// Whether `name` is one of ImageNet's folders, as `n01440764`.
    static func isWordNetIdentifier(_ name: String) -> Bool {
        let letters = name.utf8
        return letters.count == 9 && letters.first == UInt8(ascii: "n")
            && letters.dropFirst().allSatisfy { (48 ... 57).contains($0) }
    }

    /// The names of all classes; `keeps` goes without cleaning.
    ///
    /// - Throws: `badData` with the two that get the same name.
    static func names(for found: [String], keeps: Bool, path: String) throws(Fault) -> [String] {
        let names = keeps ? found : found.map(cleaned)
        var first: [String: String] = [:]
        for (name, found) in zip(names, found) {
            guard let other = first.updateValue(found, forKey: name) else { continue }
            throw .badData(
                path, found: "two classes, '\(other)' and '\(found)', that are both '\(name)' in prompts",
                expected: "a name of its own for each class",
                remedy: keeps ? "rename one of them" : "rename one of them, or keep names as they are with --keep-names"
            )
        }
        return names
    }
}
