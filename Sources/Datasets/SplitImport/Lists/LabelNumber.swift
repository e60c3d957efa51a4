internal import Core

/// A label that is a number, as lists and spreadsheets write it: `3`, `+3`, `03`, `3.0`, `'3'` or `0.5`.
struct LabelNumber {
    /// The number, if it is whole.
    let whole: Int?

    /// Reads `text`; nil if it is not a number.
    init?(_ text: String) {
        var digits = text[...]
        if let mark = digits.first, mark == "'" || mark == "\"" {
            // A spreadsheet puts an apostrophe before numbers that are texts.
            digits = digits.dropFirst()
            if digits.last == mark { digits = digits.dropLast() }
        }
        // Other texts that Swift reads as numbers are names, such as "inf".
        guard digits.contains(where: \.isNumber), digits.allSatisfy({ "0123456789+-.eE".contains($0) }),
            let value = Double(digits)
        else { return nil }
        whole = Int(digits) ?? Int(exactly: value)
    }

    /// The truth value that `text` stands for; nil for another text.
    static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "t", "y": true
        case "false", "no", "f", "n": false
        default: nil
        }
    }
}

/// Labels that join several classes, such as `cat|dog`.
struct JoinedLabels {
    /// The classes of each such label, by its ordinal.
    private(set) var parts: [Int: [String]] = [:]

    var isEmpty: Bool { parts.isEmpty }

    /// Finds them among `texts`.
    ///
    /// Parts between vertical bars or in brackets are always classes. Those between other marks are if all of them are
    /// labels or known names themselves, or if the same parts occur in another order.
    init(_ texts: [String], knownNames: [String]) {
        let knownNames = Set(knownNames)
        let known = Set(texts).union(knownNames)
        for mark in ["|", ";", ",", "/", "&", "+"] as [Character] {
            var orders: [[String]: Int] = [:]
            let candidates = texts.indices.compactMap { label -> (label: Int, parts: [String])? in
                guard !knownNames.contains(texts[label]) else { return nil }
                let parts = Self.parts(of: texts[label], mark)
                return parts.count > 1 ? (label, parts) : nil
            }
            for candidate in candidates { orders[candidate.parts.sorted(), default: 0] += 1 }
            for (label, found) in candidates where parts[label] == nil {
                let isCertain = mark == "|" || texts[label].hasPrefix("[")
                if isCertain || found.allSatisfy(known.contains) || orders[found.sorted(), default: 0] > 1 {
                    parts[label] = found
                }
            }
        }
    }

    private static func parts(of text: String, _ mark: Character) -> [String] {
        var text = text
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        return text.split(separator: mark).map { part in
            String(part).trimmed.trimmingQuotes
        }.filter { !$0.isEmpty }
    }
}

extension String {
    /// The text without the quotation marks around it.
    fileprivate var trimmingQuotes: String {
        guard count > 1, let mark = first, mark == last, "'\"".contains(mark) else { return self }
        return String(dropFirst().dropLast())
    }
}
