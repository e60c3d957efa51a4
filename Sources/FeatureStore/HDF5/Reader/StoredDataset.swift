internal import Core

/// The description of a dataset in an HDF5 file.
struct StoredDataset {
    /// The type of the elements; nil if feature files do not use it.
    let type: Datatype?
    /// The extents, at most four; empty for a scalar.
    let shape: [Int]
    /// The byte offset in the file; nil unless the dataset is contiguous.
    private(set) var offset: Int?
    /// The extents of a chunk; nil unless the dataset is chunked, byte-shuffled, and compressed by zstd.
    private(set) var compressedChunk: [Int]?

    init(_ file: HDF5Bytes, at address: Int) throws(Fault) {
        let header = try ObjectHeader(file, at: address)
        guard let space = try header.content(.dataspace, in: file),
            let stored = try header.content(.datatype, in: file), let layout = try header.content(.layout, in: file)
        else { throw file.invalid("a dataset without a shape, type, or layout") }
        type = try Datatype(stored: stored)
        shape = try Self.extents(space) ?? []
        let version = try layout.number(0, 1)
        let kind = try layout.number(1, 1)
        // Virtual datasets need version 4.
        guard version == 3 || version == 4 && kind == 3 else { throw file.invalid("a dataset of an unknown layout") }
        switch kind {
        case 1: if try !layout.isAbsent(2) { offset = try file.offset(of: layout.number(2, 8)) }
        case 2:
            guard let filters = try header.content(.filters, in: file), try Self.filters(filters) == Self.compression
            else { return }
            let rank = try layout.number(2, 1) - 1
            guard rank == shape.count else { throw file.invalid("chunks of a rank other than the dataset's") }
            compressedChunk = try (0 ..< rank).map { axis throws(Fault) in try layout.number(11 + 4 * axis, 4) }
        default: break
        }
    }

    /// The registered numbers of the filters: byte shuffle, then zstd.
    private static let compression = [2, 32015]

    /// Returns the extents of a dataspace; nil for more than four axes or an unsupported version.
    static func extents(_ space: HDF5Bytes) throws(Fault) -> [Int]? {
        guard try space.number(0, 1) == 2 else { return nil }
        let rank = try space.number(1, 1)
        let kind = try space.number(3, 1)
        guard rank <= 4, kind < 2 else { return nil }
        return try (0 ..< rank).map { axis throws(Fault) in try space.number(4 + 8 * axis, 8) }
    }

    private static func filters(_ pipeline: HDF5Bytes) throws(Fault) -> [Int] {
        guard try pipeline.number(0, 1) == 2 else { return [] }
        var offset = 2
        return try (0 ..< pipeline.number(1, 1)).map { _ throws(Fault) in
            let number = try pipeline.number(offset, 2)
            // Only third-party filters have a name.
            var name = 0
            if number >= 256 {
                name = try pipeline.number(offset + 2, 2)
                offset += 2
            }
            offset += 6 + name + 4 * (try pipeline.number(offset + 4, 2))
            return number
        }
    }
}

struct StoredAttribute {
    let name: String
    /// The type of the element; nil if feature files do not use it or there are several elements.
    let type: Datatype?
    let bytes: [UInt8]

    init(_ message: HDF5Bytes) throws(Fault) {
        guard try message.number(0, 1) == 3, try message.number(1, 1) == 0 else {
            throw message.invalid("an attribute of an unknown version")
        }
        let sizes = try (0 ..< 3).map { index throws(Fault) in try message.number(2 + 2 * index, 2) }
        let spaceStart = 9 + sizes[0] + sizes[1]
        name = try message.piece(9, sizes[0]).text()
        let extents = try StoredDataset.extents(message.piece(spaceStart, sizes[2]))
        let stored = try Datatype(stored: message.piece(9 + sizes[0], sizes[1]))
        type = extents?.allSatisfy { $0 == 1 } == true ? stored : nil
        bytes = try message.piece(spaceStart + sizes[2], type?.width ?? 0).array()
    }
}

extension Datatype {
    /// Decodes a stored type; nil if feature files do not use it.
    init?(stored: HDF5Bytes) throws(Fault) {
        let head = try stored.number(0, 1)
        let size = try stored.number(4, 4)
        guard (1 ... 3).contains(head >> 4) else { return nil }
        if head & 15 == 3 {
            guard size > 0, size <= 1 << 20 else { return nil }
            self = .text(width: size)
            return
        }
        let known: [(Datatype, [UInt8])] = [
            (.float16, [1, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0]),
            (.float32, [1, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]),
            (.int32, [0, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0]), (.uint64, [0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 64, 0]),
            (.uint8, [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0]),
        ]
        // A type is these bytes except for the version in the high half of the first byte.
        let bytes = [UInt8(head & 15)] + stored.array().dropFirst()
        guard let type = known.first(where: { bytes.starts(with: $0.1) })?.0 else { return nil }
        self = type
    }
}
