/// A data set's entry as JSON.
public struct DatasetRecord: Codable, Sendable {
    public let name: String
    public let title: String
    public let summary: String
    public let folder: String
    public let imageRoot: String
    public let splitFile: String?
    public let classes: Int
    public let counts: SubsetCounts
    public let licence: String
    public let homePage: String
    public let downloads: [Download]
    /// The texts of each template set by its name.
    public let templates: [String: [String]]
    public let namesakes: [String]
    public let renamedFolders: [String: String]
    public let pitfalls: [String]
    public let shiftOf: String?
    /// What there is below a data root: `split`, `raw` or `missing`; nil where none was named.
    public let found: String?

    public init(_ entry: DatasetEntry, found: String?) {
        (name, title, summary) = (entry.name, entry.title, entry.summary)
        (folder, imageRoot, splitFile) = (entry.folder, entry.imageRoot, entry.splitFile)
        (classes, counts) = (entry.classCount, entry.counts)
        (licence, homePage, downloads) = (entry.licence, entry.homePage, entry.downloads)
        templates = Dictionary(uniqueKeysWithValues: entry.templates.map { ($0.name, $0.templates) })
        (namesakes, renamedFolders) = (entry.namesakes.sorted(), entry.renamedFolders)
        (pitfalls, shiftOf) = (entry.pitfalls, entry.shiftOf)
        self.found = found
    }
}
