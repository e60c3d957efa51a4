internal import Catalog
public import Core
internal import FoundationEssentials

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
                option: "date", found: "'\(date)'", expected: "a date in the form YYYY-MM-DD",
                remedy: "write it like '2017-04-30'")
        }
        if let url, !["http://", "https://"].contains(where: { url.hasPrefix($0) && url != $0 }) {
            throw .configuration(
                option: "url", found: "'\(url)'", expected: "an address that starts with https:// or http://",
                remedy: "give the address of the data set's page")
        }
    }

    /// The properties that are known from here or from the catalog, by their names in Croissant.
    func properties(_ entry: DatasetEntry?) -> [String: String] {
        let all = [
            "license": license ?? entry.flatMap { Self.license($0.license) }, "url": url ?? entry?.homePage,
            "creator": creator, "citeAs": citation, "datePublished": date,
        ]
        return all.compactMapValues { $0 }.filter { !$0.value.isEmpty }
    }

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
        let style = Date.ISO8601FormatStyle().year().month().day()
        // Parsing accepts days that do not exist and short forms.
        return (try? style.parse(text)).map { style.format($0) == text } ?? false
    }
}
