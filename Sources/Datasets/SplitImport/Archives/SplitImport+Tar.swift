public import Core
internal import Splits

extension SplitImport {
    /// Where an archive says what class an image is of.
    public enum LabelSource: String, Sendable, CaseIterable {
        /// A member of the image's name with this suffix.
        case cls, txt, json
        /// The folder that the image lies in.
        case folder
    }

    /// Which archives to read, and how.
    public struct Shards: Sendable {
        public var paths: [String]
        /// The folder that the split's paths lie below; nil for the nearest one above all archives.
        public var root: String?
        /// Nil for `.cls`, else `.json`, else the folder, whichever there is.
        public var labels: LabelSource?
        /// The key of the label in `.json` members; nil for the first of the usual ones.
        public var labelKey: String?

        public init(paths: [String]) { self.paths = paths }
    }

    /// The split of tar archives as WebDataset lays them out, without unpacking them.
    ///
    /// An image's path is the archive's and, below it, the member's: `photos-000.tar/dog/1.jpg`. What is before the
    /// first dot of a member's last name ties an image to its label. Archives with train, val or test in their names
    /// are these parts.
    ///
    /// - Parameters:
    ///   - shards: the archives.
    ///   - settings: what the user chose.
    ///   - progress: told how many members were seen.
    /// - Returns: the split, and the folder that its paths lie below.
    /// - Throws: `badData` for archives that are damaged or hold paths that leave their place, and labels that cannot
    ///   be used.
    public static func tar(
        _ shards: Shards, _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> (imported: ImportedSplit, root: String) {
        let paths = try ShardPaths(shards.paths, root: shards.root)
        guard let first = paths.shards.first else {
            throw Fault(.usage, "import tar", found: "no archive", expected: "one or more", remedy: "name them")
        }
        var listing = ShardListing(shards)
        for shard in paths.shards { try listing.read(shard, progress) }
        listing.noteCompressed()
        return (try listing.split(settings, dataset: paths.dataset, path: first.path), paths.root)
    }
}
