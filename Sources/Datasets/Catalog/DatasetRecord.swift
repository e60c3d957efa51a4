/// A catalog entry as JSON.
package struct DatasetRecord: Codable, Sendable {
    package let name: String
    package let title: String
    package let summary: String
    package let folder: String
    package let imageRoot: String
    package let splitFile: String?
    package let classes: Int
    package let counts: SubsetCounts
    package let licence: String
    package let homePage: String
    package let downloads: [Download]
    /// The templates of each set, by the set's name.
    package let templates: [String: [String]]
    package let namesakes: [String]
    package let renamedFolders: [String: String]
    package let pitfalls: [String]
    package let shiftOf: String?
    /// The data found below a data root: `split`, `raw` or `missing`; nil if no root was given.
    package let found: String?

    /// The record of `entry`, of which `found` is below the data root.
    package init(_ entry: DatasetEntry, found: String?) {
        name = entry.name
        title = entry.title
        summary = entry.summary
        folder = entry.folder
        imageRoot = entry.imageRoot
        splitFile = entry.splitFile
        classes = entry.classCount
        counts = entry.counts
        licence = entry.license
        homePage = entry.homePage
        downloads = entry.downloads
        templates = Dictionary(uniqueKeysWithValues: entry.templates.map { ($0.name, $0.templates) })
        namesakes = entry.namesakes.sorted()
        renamedFolders = entry.renamedFolders
        pitfalls = entry.pitfalls
        shiftOf = entry.shiftOf
        self.found = found
    }
}
