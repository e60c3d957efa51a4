internal import Core

/// The extents of a file's features [N×V×D] and what they come to in bytes.
struct FeatureShape: Equatable, Sendable {
    let count: Int
    let views: Int
    let width: Int
    let type: FeatureType

    /// Bytes of one view of one item.
    let rowBytes: Int
    /// Bytes of all views of one item.
    let itemBytes: Int
    /// Bytes of everything.
    let byteCount: Int

    /// Multiplies the extents out.
    ///
    /// - Throws: `badData` where an extent is not positive or the product does not fit.
    init(count: Int, views: Int, width: Int, type: FeatureType, path: String) throws(Fault) {
        var product = type.width
        var sizes: [Int] = []
        var isSound = true
        for extent in [width, views, count] {
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            isSound = isSound && extent > 0 && !overflow && next < 1 << 56
            product = next
            sizes.append(next)
        }
        guard isSound else {
            throw .badData(
                path, found: "features of the shape [\(count), \(views), \(width)]", expected: "positive extents",
                remedy: "give at least one row with at least one value")
        }
        self.count = count
        self.views = views
        self.width = width
        self.type = type
        (rowBytes, itemBytes, byteCount) = (sizes[0], sizes[1], sizes[2])
    }

    var extents: [Int] { [count, views, width] }

    /// Bytes that one checksum of a hot file covers: whole rows, near 512 KiB.
    ///
    /// Small enough that a first batch is checked at once, large enough that the list of checksums stays small.
    var blockBytes: Int { rowBytes * max(1, (512 << 10) / rowBytes) }

    /// Items in a chunk of a packed file: near 512 KiB.
    var chunkItems: Int { min(count, max(1, (512 << 10) / itemBytes)) }

    /// Whether a packed file of `fileBytes` bytes may hold so much: a thousand times as much as it has, and some MiB.
    ///
    /// Encoders' features shrink by a tenth. Zeros shrink to nothing, and whoever opens them would need the memory for all.
    func mayUnpack(from fileBytes: Int) -> Bool { byteCount / 1024 <= fileBytes + (1 << 14) }

    /// Where a value is, for a sentence.
    func place(ofValue index: Int) -> String { place(ofRow: index / width) }

    /// Where a row is, for a sentence.
    func place(ofRow row: Int) -> String {
        views == 1 ? "row \(row)" : "row \(row / views), view \(row % views)"
    }
}
