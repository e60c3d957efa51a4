internal import Archives
internal import Core
internal import Synchronization

/// The comparison of images with the checksums recorded when features were built.
enum ImageComparison {
    /// The number of images between two progress reports.
    private static let piece = 1024

    /// Reads the images of `file` below `folder` again on all threads; returns no finding for a file without checksums.
    static func findings(
        _ file: borrowing FeatureFile, folder: String, _ progress: Progress
    ) throws(Fault) -> [Verification.Finding] {
        guard file.part != .text, let sums = try file.imageChecksums() else { return [] }
        let ids = try file.ids()
        let images = ItemSource(folder: folder)
        let found = Mutex<[(item: Int, what: String)]>([])
        for start in stride(from: 0, to: ids.count, by: piece) {
            let end = min(start + piece, ids.count)
            try inParallel(end - start) { index throws(Fault) in
                let item = start + index
                guard let what = difference(ids[item], sums[item], images) else { return }
                found.withLock { $0.append((item, "\(ids[item]) \(what)")) }
            }
            try progress(end, ids.count)
        }
        let all = found.withLock { $0.sorted { $0.item < $1.item } }
        let detail =
            all.isEmpty
            ? "all \(ids.count) images are unchanged"
            : "\(all.count) of \(ids.count) differ, first \(all.prefix(3).map(\.what).joined(separator: "; "))"
        return [.init("images", all.isEmpty, detail)]
    }

    private static func difference(_ id: String, _ sum: UInt64, _ images: ItemSource) -> String? {
        // An item that was sampled twice has the suffix `#2` after its path.
        let item = (try? images.require(id)) == nil ? id.replacing(/#[0-9]+$/, with: "") : id
        guard let bytes = try? images.content(of: item).bytes() else { return "cannot be read" }
        return unsafe checksum(bytes.span.bytes) == sum ? nil : "has changed"
    }
}
