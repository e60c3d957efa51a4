internal import Core

/// A link in the root group: a name and the address of an object header.
struct StoredLink {
    let name: String
    /// The address; nil unless it is a hard link.
    let address: Int?
    let size: Int

    /// Reads the link message at the start of `message`.
    init(_ message: HDF5Bytes) throws(Fault) {
        guard try message.number(0, 1) == 1 else { throw message.invalid("a link of an unknown version") }
        let flags = try message.number(1, 1)
        var offset = 2
        var isHard = true
        if flags & 8 != 0 {
            isHard = try message.number(offset, 1) == 0
            offset += 1
        }
        // Skips the creation order and the character set.
        offset += (flags & 4 != 0 ? 8 : 0) + (flags & 16 != 0 ? 1 : 0)
        let width = 1 << (flags & 3)
        let length = try message.number(offset, width)
        offset += width
        name = try message.piece(offset, length).text()
        offset += length
        address = isHard ? try message.number(offset, 8) : nil
        size = offset + 8
    }

    /// Reads the links in a fractal heap, which the library uses if they do not fit in the header with `info`.
    static func heaped(_ info: HDF5Bytes, _ file: HDF5Bytes) throws(Fault) -> [StoredLink] {
        guard try info.number(0, 1) == 0 else { throw info.invalid("links of an unknown version") }
        let offset = 2 + (try info.number(1, 1) & 1 != 0 ? 8 : 0)
        guard try !info.isAbsent(offset) else { return [] }
        let heap = try HeapBlock(file, header: info.number(offset, 8))
        guard heap.objectCount <= countLimit else { throw file.invalid("a group of \(heap.objectCount) objects") }
        var links: [StoredLink] = []
        var start = 0
        for _ in 0 ..< heap.objectCount {
            let rest = try file.piece(heap.start + start, heap.size - start)
            let link = try StoredLink(rest)
            guard link.address != nil, link.size <= rest.count else { throw file.invalid("a link to another file") }
            links.append(link)
            start += link.size
        }
        return links
    }

    /// The maximum number of links; a feature file has at most ten datasets.
    private static let countLimit = 64
}

/// The only block of a small fractal heap.
private struct HeapBlock {
    let objectCount: Int
    let start: Int
    let size: Int

    init(_ file: HDF5Bytes, header address: Int) throws(Fault) {
        let header = try file.offset(of: address)
        guard try file.holds("FRHP", at: header), try file.number(header + 4, 1) == 0,
            // Only heaps without filters and with a single block are supported.
            try file.number(header + 7, 2) == 0, try file.number(header + 140, 2) == 0
        else { throw file.invalid("a fractal heap of an unknown layout") }
        objectCount = try file.number(header + 70, 8)
        let isSummed = try file.number(header + 9, 1) & 2 != 0
        let blockSize = try file.number(header + 112, 8)
        let block = try file.offset(of: file.number(header + 132, 8))
        guard try file.holds("FHDB", at: block), try file.number(block + 4, 1) == 0 else {
            throw file.invalid("a fractal heap of an unknown layout")
        }
        let prefix = 13 + (try file.number(header + 128, 2) + 7) / 8 + (isSummed ? 4 : 0)
        guard blockSize >= prefix, blockSize <= file.count - block else {
            throw file.invalid("a structure that extends beyond its end")
        }
        start = block + prefix
        size = blockSize - prefix
    }
}
