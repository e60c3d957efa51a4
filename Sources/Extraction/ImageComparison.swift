internal import Archives
public import Core
public import FeatureStore

extension Verification {
    /// Checks the feature file or folder at `path`, and compares the images that it was made from.
    ///
    /// The items' paths are relative to the folder `images`; nil compares no images. `progress` takes the numbers of
    /// finished items and of all items of each file; throwing ends the work.
    ///
    /// - Throws: `noInput` if there is nothing at `path`; what `progress` throws.
    public init(of path: String, images: String?, progress: Progress = { _, _ in }) throws(Fault) {
        try self.init(of: path, progress: progress)
        guard let source = images.map({ ItemSource(folder: $0) }) else { return }
        try add { file throws(Fault) in try Self.imageFindings(file, source, progress) }
    }

    /// Reads the images of a feature file again, on all threads, and compares their checksums.
    ///
    /// - Returns: one finding, or none for a file without images.
    private static func imageFindings(
        _ file: borrowing FeatureFile, _ images: ItemSource, _ progress: Progress
    ) throws(Fault) -> [Finding] {
        guard file.part != .text, let sums = try file.imageChecksums() else { return [] }
        let ids = try file.ids()
        let found = try Parallel.map(ids.count, progress: progress) { item in
            difference(ids[item], sums[item], images).map { "\(ids[item]) \($0)" }
        }.compactMap(\.self)
        let detail =
            found.isEmpty
            ? "\(ids.count) images are those that were encoded"
            : "\(found.count) of \(ids.count) differ, first \(found.prefix(3).joined(separator: "; "))"
        return [Finding("images", found.isEmpty, detail)]
    }

    private static func difference(_ id: String, _ sum: UInt64, _ images: ItemSource) -> String? {
        // An item that was sampled again has `#2` behind its path.
        let item = (try? images.require(id)) == nil ? id.replacing(/#[0-9]+$/, with: "") : id
        guard let bytes = try? images.content(of: item).bytes() else { return "cannot be read" }
        return unsafe checksum(bytes.span.bytes) == sum ? nil : "has changed"
    }
}
