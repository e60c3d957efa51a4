/// A catalog entry as JSON.
public struct DatasetRecord: Codable, Sendable {
    /// The name that the tools use.
    public let name: String
    /// The name that papers use.
    public let title: String
    /// One sentence on the content of the images.
    public let summary: String
    /// The data set's folder below the data root.
    public let folder: String
    /// The image folder below the data root.
    public let imageRoot: String
    /// The file name of CoOp's published split; nil if none was published.
    public let splitFile: String?
    /// The number of classes.
    public let classes: Int
    /// The number of items of each subset.
    public let counts: SubsetCounts
    /// The license, in the words of the data set's authors.
    public let licence: String
    /// The address of the data set's page.
    public let homePage: String
    /// The files to download.
    public let downloads: [Download]
    /// The templates of each template set, by the set's name.
    public let templates: [String: [String]]
    /// The names that two different classes share.
    public let namesakes: [String]
    /// The folder names of newer downloads, each with the name that splits use.
    public let renamedFolders: [String: String]
    /// Known problems.
    public let pitfalls: [String]
    /// The data set whose labels this one shares.
    public let shiftOf: String?
    /// The data found below a data root: `split`, `raw` or `missing`; nil if no root was given.
    public let found: String?

    /// The record of `entry`, of which `found` is below the data root.
    public init(_ entry: DatasetEntry, found: String?) {
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
