internal import Archives
public import Core
public import FeatureStore
internal import Synchronization

extension Verification {
    /// Checks the feature file or folder at `path`, and compares the images that it was made from.
    ///
    /// - Parameters:
    ///   - path: a feature file or folder.
    ///   - images: the folder that the items' paths are relative to; nil compares no images.
    ///   - progress: takes the numbers of finished items and of all items of each file; throwing ends the work.
    /// - Throws: `noInput` if there is nothing at `path`; what `progress` throws.
    public init(of path: String, images: String?, progress: Progress = { _, _ in }) throws(Fault) {
        try self.init(of: path, progress: progress)
        guard let images else { return }
        let comparison = ImageComparison(folder: images)
        try add { file throws(Fault) in try comparison.findings(file, progress) }
    }
}

/// Compares images with those that features were made from.
struct ImageComparison {
    /// The number of images between two reports of progress.
    private static let piece = 1024
    private let images: ItemSource

    init(folder: String) { images = ItemSource(folder: folder) }

    /// Reads the images of a feature file again, on all threads, and compares their checksums.
    ///
    /// - Returns: one finding, or none for a file without images.
    func findings(
        _ file: borrowing FeatureFile, _ progress: Progress
    ) throws(Fault) -> [Verification.Finding] {
        guard file.part != .text, let sums = try file.imageChecksums() else { return [] }
        let ids = try file.ids()
        let found = Mutex<[(item: Int, what: String)]>([])
        for start in stride(from: 0, to: ids.count, by: Self.piece) {
            let end = min(start + Self.piece, ids.count)
            try Parallel.forEach(end - start) { index throws(Fault) in
                let item = start + index
                guard let what = difference(ids[item], sums[item]) else { return }
                found.withLock { $0.append((item, "\(ids[item]) \(what)")) }
            }
            try progress(end, ids.count)
        }
        let all = found.withLock { $0.sorted { $0.item < $1.item } }
        let detail =
            all.isEmpty
            ? "\(ids.count) images are those that were encoded"
            : "\(all.count) of \(ids.count) differ, first \(all.prefix(3).map(\.what).joined(separator: "; "))"
        return [.init("images", all.isEmpty, detail)]
    }

    private func difference(_ id: String, _ sum: UInt64) -> String? {
        // An item that was sampled again has `#2` behind its path.
        let item = (try? images.require(id)) == nil ? id.replacing(/#[0-9]+$/, with: "") : id
        guard let bytes = try? images.content(of: item).bytes() else { return "cannot be read" }
        return unsafe checksum(bytes.span.bytes) == sum ? nil : "has changed"
    }
}
