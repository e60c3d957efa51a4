internal import Catalog
public import Core
internal import Splits

/// The fields of a Croissant description that are not in a split.
public struct CroissantDetails: Sendable, Equatable {
    /// The address or the name of the license; nil takes the catalog's.
    public var license: String?
    /// The address of the data set's page; nil takes the catalog's.
    public var url: String?
    /// The author of the data set.
    public var creator: String?
    /// The citation, preferably in BibTeX.
    public var citation: String?
    /// The date of publication, such as `2017-04-30`.
    public var date: String?

    /// Details given by a user.
    ///
    /// - Throws: `configuration` for an invalid date or address.
    public init(
        license: String? = nil, url: String? = nil, creator: String? = nil, citation: String? = nil, date: String? = nil
    ) throws(Fault) {
        self.license = license
        self.url = url
        self.creator = creator
        self.citation = citation
        self.date = date
        if let date, !Self.isDate(date) {
            throw .configuration(
                "--date", found: "'\(date)'", expected: "a date in the form YYYY-MM-DD",
                remedy: "write it like '2017-04-30'")
        }
        if let url, !["http://", "https://"].contains(where: { url.hasPrefix($0) && url != $0 }) {
            throw .configuration(
                "--url", found: "'\(url)'", expected: "an address that starts with https:// or http://",
                remedy: "give the address of the data set's page")
        }
    }

    /// The names of the properties that Croissant requires and that are missing.
    func missing(_ entry: DatasetEntry?) -> [String] {
        [
            ("license", license(entry)), ("url", url ?? entry?.homePage), ("creator", creator),
            ("datePublished", date),
        ].filter { ($0.1 ?? "").isEmpty }.map(\.0)
    }

    /// The user's license, or else the catalog's.
    func license(_ entry: DatasetEntry?) -> String? { license ?? entry.flatMap { Self.license($0.license) } }

    /// A license for Croissant: the SPDX address of a known one, or else its words; nil if the catalog has none.
    package static func license(_ words: String) -> String? {
        switch words {
        case "MIT": "https://spdx.org/licenses/MIT"
        case "CC BY 4.0": "https://spdx.org/licenses/CC-BY-4.0"
        case "CC BY-SA 4.0": "https://spdx.org/licenses/CC-BY-SA-4.0"
        default: words.isEmpty || words.hasPrefix("none") ? nil : words
        }
    }

    private static func isDate(_ text: String) -> Bool {
        let pieces = text.split(separator: "-", omittingEmptySubsequences: false)
        guard pieces.map(\.count) == [4, 2, 2], text.utf8.allSatisfy({ (48 ... 57).contains($0) || $0 == 45 }) else {
            return false
        }
        let numbers = pieces.compactMap { Int($0) }
        guard numbers.count == 3, (1 ... 12).contains(numbers[1]) else { return false }
        let isLeap = numbers[0] % 4 == 0 && (numbers[0] % 100 != 0 || numbers[0] % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1 ... days[numbers[1] - 1]).contains(numbers[2])
    }
}
