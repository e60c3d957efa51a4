/// The main facts of a catalog entry, for a reader.
package struct DatasetSummary: Sendable, Codable {
    package let name: String
    package let title: String
    package let summary: String
    package let root: String
    package let classes: Int
    package let train: Int
    package let val: Int
    package let test: Int
    package let licence: String
    package let homePage: String
    package let prompts: [String]

    /// The summary of `entry`.
    package init(_ entry: DatasetEntry) {
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
    package var page: String {
        [
            ("data set", "\(name) (\(title))"), ("content", summary), ("images in", "\(root), below the data root"),
            ("classes", "\(classes)"), ("items", "\(train) train, \(val) val, \(test) test"), ("license", licence),
            ("page", homePage), ("prompts", prompts.joined(separator: ", ")),
        ].filter { !$0.1.isEmpty }.map { "\($0.0.padded(to: 12))\($0.1)\n" }.joined()
    }
}

extension String {
    /// Returns the text with spaces after it up to `width` characters.
    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
