/// The main facts of a catalog entry, for a reader.
public struct DatasetSummary: Sendable, Codable {
    /// The name that the tools use.
    public let name: String
    /// The name that papers use.
    public let title: String
    /// One sentence on the content of the images.
    public let summary: String
    /// The image folder below the data root.
    public let root: String
    /// The number of classes.
    public let classes: Int
    /// Items to train on.
    public let train: Int
    /// Items to choose settings on.
    public let val: Int
    /// Items to test on.
    public let test: Int
    /// The license, in the words of the data set's authors.
    public let licence: String
    /// The address of the data set's page.
    public let homePage: String
    /// The names of the template sets.
    public let prompts: [String]

    /// The summary of `entry`.
    public init(_ entry: DatasetEntry) {
        name = entry.name
        title = entry.title
        summary = entry.summary
        root = entry.imageRoot
        classes = entry.classCount
        train = entry.counts.train
        val = entry.counts.val
        test = entry.counts.test
        licence = entry.license
        homePage = entry.homePage
        prompts = entry.templates.map(\.name)
    }

    /// The summary as lines of text, without empty fields.
    public var page: String {
        [
            ("data set", "\(name) (\(title))"), ("content", summary), ("images in", "\(root), below the data root"),
            ("classes", "\(classes)"), ("items", "\(train) train, \(val) val, \(test) test"), ("license", licence),
            ("page", homePage), ("prompts", prompts.joined(separator: ", ")),
        ].filter { !$0.1.isEmpty }.map { "\($0.0)\(String(repeating: " ", count: 12 - $0.0.count))\($0.1)\n" }.joined()
    }
}
