internal import Core

/// The shape of a file's features [N×V×D] and their sizes in bytes.
struct FeatureShape: Equatable, Sendable {
    let count: Int
    let views: Int
    let width: Int
    let type: FeatureType

    /// The size of one view of one item in bytes.
    let rowBytes: Int
    /// The size of all views of one item in bytes.
    let itemBytes: Int
    /// The size of all features in bytes.
    let byteCount: Int

    /// Computes the sizes.
    ///
    /// - Throws: `badData` if an extent is not positive or a size overflows.
    init(count: Int, views: Int, width: Int, type: FeatureType, path: String) throws(Fault) {
        var product = type.width
        var sizes: [Int] = []
        var isValid = true
        for extent in [width, views, count] {
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            isValid = isValid && extent > 0 && !overflow && next < 1 << 56
            product = next
            sizes.append(next)
        }
        guard isValid else {
            throw .badData(
                path, found: "features of the shape [\(count), \(views), \(width)]", expected: "positive extents",
                remedy: "provide at least one row with at least one value")
        }
        self.count = count
        self.views = views
        self.width = width
        self.type = type
        rowBytes = sizes[0]
        itemBytes = sizes[1]
        byteCount = sizes[2]
    }

    /// The extents [N, V, D].
    var extents: [Int] { [count, views, width] }

    /// The size in bytes of a mapped file's block with one checksum: complete rows, about 512 KiB.
    ///
    /// The size is a compromise between a fast first read and a short list of checksums.
    var blockBytes: Int { rowBytes * max(1, (512 << 10) / rowBytes) }

    /// The number of items per chunk of a compressed file: about 512 KiB.
    var chunkItems: Int { min(count, max(1, (512 << 10) / itemBytes)) }

    /// Whether a compressed file of `fileBytes` bytes may hold features of this size: up to a factor of about 1024.
    ///
    /// The limit protects readers against a small file of zeros that decompresses to more than the memory. The features
    /// of encoders shrink by a tenth.
    func isPlausible(fileBytes: Int) -> Bool { byteCount / 1024 <= fileBytes + (1 << 14) }

    /// Names a row in messages.
    func name(ofRow row: Int) -> String { views == 1 ? "row \(row)" : "row \(row / views), view \(row % views)" }
}
