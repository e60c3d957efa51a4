internal import Core

/// The stored type of feature values.
public enum FeatureType: String, Codable, Sendable, CaseIterable {
    case float16, float32

    /// The size of a value in bytes.
    public var width: Int { self == .float16 ? 2 : 4 }

    var datatype: Datatype { self == .float16 ? .float16 : .float32 }
}

/// The shape of a file's features [N×V×D], and the type of their values.
public struct FeatureShape: Equatable, Sendable {
    /// The number of items N; of classes in a text file.
    public let count: Int
    /// The number of views V per item; of prompts per class in a text file.
    public let views: Int
    /// The number of values D per feature.
    public let width: Int
    /// The type of the values.
    public let type: FeatureType

    /// Creates a shape, by default of plain views in float16.
    public init(count: Int, views: Int = 1, width: Int, type: FeatureType = .float16) {
        self.count = count
        self.views = views
        self.width = width
        self.type = type
    }

    /// Throws `badData` about the file at `path` unless the extents are positive and their sizes do not overflow.
    func check(_ path: String) throws(Fault) {
        guard product([type.width, width, views, count]) != nil else {
            throw .badData(
                path, found: "features of the shape \(extents)", expected: "positive extents",
                remedy: "provide at least one row with at least one value")
        }
    }

    /// Whether both have as many views per item, and values of the same number and type.
    func hasRows(like other: FeatureShape) -> Bool {
        views == other.views && width == other.width && type == other.type
    }

    /// The size of one view of one item in bytes.
    var rowBytes: Int { width * type.width }
    /// The size of all views of one item in bytes.
    var itemBytes: Int { views * rowBytes }
    var byteCount: Int { count * itemBytes }

    var extents: [Int] { [count, views, width] }

    /// The size in bytes of a mapped file's block with one checksum: complete rows, about 512 KiB.
    var blockBytes: Int { rowBytes * max(1, (512 << 10) / rowBytes) }

    /// The number of items per chunk of a compressed file: about 512 KiB.
    var chunkItems: Int { min(count, max(1, (512 << 10) / itemBytes)) }

    /// Whether a compressed file of `fileBytes` bytes may hold features of this size: up to a factor of about 1024.
    ///
    /// The limit protects readers from a small file that decompresses to more than the memory.
    func isPlausible(fileBytes: Int) -> Bool { byteCount / 1024 <= fileBytes + (1 << 14) }

    func name(ofRow row: Int) -> String { views == 1 ? "row \(row)" : "row \(row / views), view \(row % views)" }
}

/// Returns the product of positive `factors`; nil if one is not positive or the product is 2^56 or more.
func product(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
        let (next, overflow) = product.multipliedReportingOverflow(by: factor)
        guard factor > 0, !overflow, next < 1 << 56 else { return nil }
        product = next
    }
    return product
}
