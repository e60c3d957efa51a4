internal import Core

/// What an HDF5 file says of a dataset.
struct StoredDataset {
    /// Nil if a feature file has no use for it.
    let type: Datatype?
    /// The extents, at most four of them; empty for a scalar.
    let shape: [Int]
    /// Where the bytes start in the file; nil unless they lie in one piece.
    private(set) var offset: Int?
    /// The extents of a chunk; nil unless the dataset is chunked, byte-shuffled and compressed with zstd.
    private(set) var packedChunk: [Int]?

    init(_ file: StructureBytes, at address: Int) throws(Fault) {
        let header = try ObjectHeader(file, at: address)
        guard let space = try header.content(.dataspace, in: file),
            let stored = try header.content(.datatype, in: file),
            let layout = try header.content(.layout, in: file)
        else { throw file.fault("a dataset without shape, type or place") }
        (type, shape) = (try Datatype(stored: stored), try Self.extents(space) ?? [])
        let (version, kind) = (try layout.number(0, 1), try layout.number(1, 1))
        // Virtual datasets came with version 4.
        guard version == 3 || version == 4 && kind == 3 else {
            throw file.fault("a dataset laid out in an unknown way")
        }
        switch kind {
        case 1: if try !layout.isAbsent(2) { offset = try Structure.place(of: layout.number(2, 8), in: file) }
        case 2:
            guard let filters = try header.content(.filters, in: file), try Self.filters(filters) == Self.packing
            else { return }
            let rank = try layout.number(2, 1) - 1
            guard rank == shape.count else { throw file.fault("chunks of another rank than their dataset") }
            packedChunk = try (0 ..< rank).map { axis throws(Fault) in try layout.number(11 + 4 * axis, 4) }
        default: break
        }
    }

    /// Byte shuffle, then zstd, as The HDF Group registers them.
    private static let packing = [2, 32015]

    /// The extents of a dataspace; nil for more than four axes, and for those of another version.
    static func extents(_ space: StructureBytes) throws(Fault) -> [Int]? {
        guard try space.number(0, 1) == 2 else { return nil }
        let (rank, kind) = (try space.number(1, 1), try space.number(3, 1))
        guard rank <= 4, kind < 2 else { return nil }
        return try (0 ..< rank).map { axis throws(Fault) in try space.number(4 + 8 * axis, 8) }
    }

    /// The numbers of the filters that bytes go through.
    private static func filters(_ pipeline: StructureBytes) throws(Fault) -> [Int] {
        guard try pipeline.number(0, 1) == 2 else { return [] }
        var place = 2
        return try (0 ..< pipeline.number(1, 1)).map { _ throws(Fault) in
            let number = try pipeline.number(place, 2)
            // Only filters of others have a name, and its length.
            var name = 0
            if number >= 256 {
                name = try pipeline.number(place + 2, 2)
                place += 2
            }
            place += 6 + name + 4 * (try pipeline.number(place + 4, 2))
            return number
        }
    }
}

/// A named value of one element.
struct StoredAttribute {
    let name: String
    /// Nil if a feature file has no use for it, or for more elements than one.
    let type: Datatype?
    let bytes: [UInt8]

    init(_ message: StructureBytes) throws(Fault) {
        guard try message.number(0, 1) == 3, try message.number(1, 1) == 0 else {
            throw message.fault("an attribute of an unknown version")
        }
        let sizes = try (0 ..< 3).map { index throws(Fault) in try message.number(2 + 2 * index, 2) }
        let (typeStart, spaceStart) = (9 + sizes[0], 9 + sizes[0] + sizes[1])
        guard let name = try message.piece(9, sizes[0]).text() else { throw message.fault("a name that is no UTF-8") }
        self.name = name
        let extents = try StoredDataset.extents(message.piece(spaceStart, sizes[2]))
        let type = try Datatype(stored: message.piece(typeStart, sizes[1]))
        guard let type, let extents, extents.allSatisfy({ $0 == 1 }) else {
            (self.type, bytes) = (nil, [])
            return
        }
        self.type = type
        bytes = try message.piece(spaceStart + sizes[2], type.width).array()
    }
}

extension Datatype {
    /// Recognizes a type as it is stored; nil if a feature file has no use for it.
    init?(stored: StructureBytes) throws(Fault) {
        let (head, size) = (try stored.number(0, 1), try stored.number(4, 4))
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
        // But for the version in its first byte's high half, a type is these bytes.
        let bytes = [UInt8(head & 15)] + stored.array().dropFirst()
        guard let type = known.first(where: { bytes.starts(with: $0.1) })?.0 else { return nil }
        self = type
    }
}
