internal import Core
internal import Splits

/// The cleanup of folder names and labels into class names for prompts.
public enum ClassNaming {
    /// Returns `name` as words: `AnnualCrop` and `annual_crop` become `Annual Crop` and `annual crop`.
    ///
    /// Underscores and hyphens become spaces. A capital letter starts a word after a lowercase letter, and as the last
    /// of several capitals before a lowercase letter (`HTTPServer`). Digits do not end a word.
    /// WordNet identifiers are kept.
    public static func cleaned(_ name: String) -> String {
        guard !isWordNetIdentifier(name) else { return name }
        let letters = [" "] + Array(name) + [" "]
        var words = ""
        for (before, (letter, after)) in zip(letters, zip(letters.dropFirst(), letters.dropFirst(2))) {
            let isWordAfterCapitals = before.isUppercase && after.isLowercase
            if letter.isUppercase, before.isLowercase || isWordAfterCapitals { words.append(" ") }
            words.append("_-".contains(letter) ? " " : letter)
        }
        let cleaned = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return cleaned.isEmpty ? name : cleaned
    }

    /// Whether `name` is the name of an ImageNet folder, such as `n01440764`.
    static func isWordNetIdentifier(_ name: some StringProtocol) -> Bool {
        let letters = name.utf8
        return letters.count == 9 && letters.first == UInt8(ascii: "n")
            && letters.dropFirst().allSatisfy { (48 ... 57).contains($0) }
    }

    /// Returns the names of all classes, without numbers and cleaned up unless `keeps` is true.
    ///
    /// - Throws: `badData` with two classes that get the same name.
    static func names(for found: [String], keeps: Bool, path: String) throws(Fault) -> [String] {
        let names = keeps ? found : withoutNumbers(found).map(cleaned)
        var first: [String: String] = [:]
        for (name, found) in zip(names, found) {
            guard let other = first.updateValue(found, forKey: name) else { continue }
            guard other != found else {
                throw .badData(
                    path, found: "two classes '\(found)' whose names differ only in their Unicode characters",
                    expected: "different names",
                    remedy: "put their images in one folder if they are the same, or rename one of them")
            }
            throw .badData(
                path, found: "two classes, '\(other)' and '\(found)', with the same name '\(name)' in prompts",
                expected: "different names",
                remedy: keeps
                    ? "rename one of them" : "rename one of them, or keep all names with \(option: "keep_names")")
        }
        return names
    }
}
