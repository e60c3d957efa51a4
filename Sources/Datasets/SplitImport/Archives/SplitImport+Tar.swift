public import Core
internal import Splits

extension SplitImport {
    /// The source of the labels in an archive.
    public enum LabelSource: String, Sendable, CaseIterable {
        /// The member with the image's name and this suffix.
        case cls, txt, json
        /// The image's folder.
        case folder
    }

    /// The archives to import and the source of their labels.
    public struct Shards: Sendable {
        /// The paths of the archives.
        public var paths: [String]
        /// The folder to which the split's paths are relative; nil for the nearest one above all archives.
        public var root: String?
        /// The source of the labels; nil for the first of `.cls`, `.json` and the folder that is present.
        public var labels: LabelSource?
        /// The key of the label in `.json` members; nil for the first of the common keys.
        public var labelKey: String?

        /// Archives with default settings.
        public init(paths: [String]) { self.paths = paths }
    }

    /// Imports tar archives in WebDataset's layout without unpacking them.
    ///
    /// An image's path is the archive's path followed by the member's: `photos-000.tar/dog/1.jpg`. An image and its
    /// label share the file name up to the first dot. The subset is that in the archive's name (train, val or test).
    ///
    /// - Parameters:
    ///   - shards: the archives.
    ///   - settings: the user's settings.
    ///   - progress: called with the number of members read; an error that it throws ends the import.
    /// - Returns: the split, and the folder to which its paths are relative.
    /// - Throws: `badData` for damaged archives, paths that leave the archive, and invalid labels.
    public static func tar(
        _ shards: Shards, _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> (imported: ImportedSplit, root: String) {
        let paths = try ShardPaths(shards.paths, root: shards.root)
        guard let first = paths.shards.first else {
            throw Fault(
                .usage, "import tar", found: "no archive", expected: "one or more archives", remedy: "give their paths")
        }
        var listing = ShardListing(shards)
        for shard in paths.shards { try listing.read(shard, progress) }
        listing.noteCompressed()
        return (try listing.split(settings, dataset: paths.dataset, path: first.path), paths.root)
    }
}
