internal import Core

/// A name in the root group, and where the header of what it names is.
struct StoredLink {
    let name: String
    /// Nil for a link that leads elsewhere than to an object of the file.
    let address: Int?
    /// Bytes of the message.
    let size: Int

    /// Reads a link message; behind it may be more.
    init(_ message: StructureBytes) throws(Fault) {
        guard try message.number(0, 1) == 1 else { throw message.fault("a link of an unknown version") }
        let flags = try message.number(1, 1)
        var place = 2
        var isHard = true
        if flags & 8 != 0 {
            isHard = try message.number(place, 1) == 0
            place += 1
        }
        // The order of creation and the character set.
        place += (flags & 4 != 0 ? 8 : 0) + (flags & 16 != 0 ? 1 : 0)
        let width = 1 << (flags & 3)
        let length = try message.number(place, width)
        place += width
        guard let name = try message.piece(place, length).text() else { throw message.fault("a name that is no UTF-8") }
        place += length
        self.name = name
        address = isHard ? try message.number(place, 8) : nil
        size = place + 8
    }

    /// More names than a header has room for lie in a heap, one behind the other.
    ///
    /// `info` is the message that says where the heap is, if there is one.
    static func heaped(_ info: StructureBytes, _ file: StructureBytes) throws(Fault) -> [StoredLink] {
        guard try info.number(0, 1) == 0 else { throw info.fault("links of an unknown version") }
        let place = 2 + (try info.number(1, 1) & 1 != 0 ? 8 : 0)
        guard try !info.isAbsent(place) else { return [] }
        let heap = try HeapBlock(file, header: info.number(place, 8))
        guard heap.objectCount <= countLimit else { throw file.fault("a group of \(heap.objectCount) objects") }
        var links: [StoredLink] = []
        var start = 0
        for _ in 0 ..< heap.objectCount {
            let rest = try file.piece(heap.start + start, heap.size - start)
            let link = try StoredLink(rest)
            guard link.address != nil, link.size <= rest.count else { throw file.fault("a link to another file") }
            links.append(link)
            start += link.size
        }
        return links
    }

    /// A feature file has ten datasets at most.
    private static let countLimit = 64
}

/// The one block of a fractal heap as small as that of a group with a few names.
private struct HeapBlock {
    let objectCount: Int
    /// Where the objects are in the file, and how many bytes there are for them.
    let start: Int
    let size: Int

    init(_ file: StructureBytes, header address: Int) throws(Fault) {
        let header = try Structure.place(of: address, in: file)
        guard try file.holds("FRHP", at: header), try file.number(header + 4, 1) == 0,
            // No filters, and no rows of blocks below the first.
            try file.number(header + 7, 2) == 0, try file.number(header + 140, 2) == 0
        else { throw file.fault("names of datasets in an unknown place") }
        objectCount = try file.number(header + 70, 8)
        let isSummed = try file.number(header + 9, 1) & 2 != 0
        let blockSize = try file.number(header + 112, 8)
        let block = try Structure.place(of: file.number(header + 132, 8), in: file)
        guard try file.holds("FHDB", at: block), try file.number(block + 4, 1) == 0 else {
            throw file.fault("names of datasets in an unknown place")
        }
        let prefix = 13 + (try file.number(header + 128, 2) + 7) / 8 + (isSummed ? 4 : 0)
        guard blockSize >= prefix, blockSize <= file.count - block else {
            throw file.fault("a structure that reaches beyond its end")
        }
        (start, size) = (block + prefix, blockSize - prefix)
    }
}
