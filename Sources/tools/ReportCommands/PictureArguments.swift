internal import ArgumentParser
internal import Pictures
internal import Reporting

/// The options of the pictures of items.
struct PictureArguments: ParsableArguments {
    @Option(help: "The most pictures per section; the page holds at most 3 MB of them. (default: 60)")
    var pictures: Int?

    @Flag(help: "Show no pictures.")
    var noPictures = false

    @Option(
        help: """
            The folder at which the items' paths start: the data root and the data set's folder (default: where the \
            images were when they were encoded).
            """, completion: .directory)
    var root: String?

    @Option(
        name: .customLong("feature-folder"),
        help: "A feature folder of the runs (default: where it was when they were trained). May be repeated.",
        completion: .directory)
    var featureFolders: [String] = []

    func validate() throws {
        guard 1 ... 1000 ~= pictures ?? 1 else { throw ValidationError("--pictures must be 1 to 1000") }
        guard !noPictures || root == nil && pictures == nil else {
            throw ValidationError("\(root == nil ? "--pictures" : "--root") has no use with --no-pictures")
        }
    }

    /// The options of the library; nil without pictures.
    var options: PictureOptions? {
        noPictures ? nil : PictureOptions(reader: ImageFolder(), limit: pictures ?? 60, folder: root)
    }
}
