internal import Catalog
public import Core
internal import Splits

/// What a Croissant description says of a data set and no split knows.
public struct CroissantDetails: Sendable, Equatable {
    /// The address or the name of the licence; nil takes the catalog's.
    public var license: String?
    /// The data set's page; nil takes the catalog's.
    public var url: String?
    /// Who made the data set.
    public var creator: String?
    /// How to cite it, in BibTeX at best.
    public var citation: String?
    /// The day of publication, as `2017-04-30`.
    public var date: String?

    /// Takes what a user says.
    ///
    /// - Throws: `configuration` where the date is none or the address is no address.
    public init(
        license: String? = nil, url: String? = nil, creator: String? = nil, citation: String? = nil, date: String? = nil
    ) throws(Fault) {
        (self.license, self.url, self.creator, self.citation, self.date) = (license, url, creator, citation, date)
        if let date, !Self.isDate(date) {
            throw .configuration(
                "--date", found: "'\(date)'", expected: "a day as YYYY-MM-DD", remedy: "write it as '2017-04-30'")
        }
        if let url, !["http://", "https://"].contains(where: { url.hasPrefix($0) && url != $0 }) {
            throw .configuration(
                "--url", found: "'\(url)'", expected: "an address that starts with https:// or http://",
                remedy: "name the data set's page")
        }
    }

    /// The properties that Croissant demands and nobody has named, in its words.
    func missing(_ entry: DatasetEntry?) -> [String] {
        [
            ("license", license(entry)), ("url", url ?? entry?.homePage), ("creator", creator),
            ("datePublished", date),
        ].filter { ($0.1 ?? "").isEmpty }.map(\.0)
    }

    /// What the user says, else what the catalog knows.
    func license(_ entry: DatasetEntry?) -> String? { license ?? entry.flatMap { Self.license($0.license) } }

    /// A licence as Croissant wants it: the address of a known one, else its words; nil where the catalog has none.
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
