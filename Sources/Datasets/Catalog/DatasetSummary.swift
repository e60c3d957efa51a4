/// What the catalog knows of a data set, for a reader.
public struct DatasetSummary: Sendable, Codable {
    public let name: String
    public let title: String
    public let summary: String
    /// Where the images lie below the data root.
    public let root: String
    public let classes: Int
    public let train: Int
    public let val: Int
    public let test: Int
    public let licence: String
    public let homePage: String
    /// Names of template sets.
    public let prompts: [String]

    public init(_ entry: DatasetEntry) {
        (name, title, summary, root) = (entry.name, entry.title, entry.summary, entry.imageRoot)
        (classes, train, val, test) = (entry.classCount, entry.counts.train, entry.counts.val, entry.counts.test)
        (licence, homePage) = (entry.licence, entry.homePage)
        prompts = entry.templates.map(\.name)
    }

    /// The summary in lines; what is not known is left out.
    public var page: String {
        [
            ("data set", "\(name) (\(title))"), ("what", summary), ("images in", "\(root), below the data root"),
            ("classes", "\(classes)"), ("items", "\(train) train, \(val) val, \(test) test"), ("licence", licence),
            ("page", homePage), ("prompts", prompts.joined(separator: ", ")),
        ].filter { !$0.1.isEmpty }.map { "\($0.0)\(String(repeating: " ", count: 12 - $0.0.count))\($0.1)\n" }.joined()
    }
}
