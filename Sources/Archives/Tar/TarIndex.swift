internal import Core

/// The byte ranges of a tar archive's members, for reading any of them directly.
struct TarIndex: ArchiveIndex {
    private enum Content {
        case bytes(start: Int, size: Int)
        /// A member without contiguous bytes, and a description of it.
        case unreadable(String)
    }

    private let path: String
    /// The size of the archive, by which a later change is detected.
    private let byteCount: Int
    /// The concatenated names; a dictionary of strings would take several times the memory.
    private var names: [UInt8] = []
    private var nameEnds: [Int] = []
    private var contents: [Content] = []
    /// The indices of members, sorted by the checksums of their names.
    private var order: [(sum: UInt64, number: Int)] = []
    /// The error that ended the index early.
    private var damage: Fault?

    /// Reads the index of the archive at `path`, up to the first damage.
    init(path: String) throws(Fault) {
        self.path = path
        byteCount = try OpenFile(reading: path).byteCount()
        // Between headers there are images, which are skipped.
        let archive = try TarReader(path: path, block: 10_240)
        do throws(Fault) {
            while let member = try archive.next() { add(member) }
        } catch { damage = error }
        order.sort { $0 < $1 }
    }

    private mutating func add(_ member: TarReader.Member) {
        guard member.kind != .folder else { return }
        var name = Array(member.name.utf8)[...]
        while name.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { name = name.dropFirst(2) }
        order.append((unsafe checksum(name.span.bytes), contents.count))
        names += name
        nameEnds.append(names.count)
        switch (member.kind, member.start) {
        case (.file, let start?) where member.size > 0: contents.append(.bytes(start: start, size: member.size))
        case (.file, .some): contents.append(.unreadable("an empty file"))
        case (.file, nil): contents.append(.unreadable("a file with holes"))
        default: contents.append(.unreadable("a link or device"))
        }
    }

    private func name(_ number: Int) -> ArraySlice<UInt8> {
        names[(number == 0 ? 0 : nameEnds[number - 1]) ..< nameEnds[number]]
    }

    func require(_ name: String, item: String) throws(Fault) { _ = try members(name, item) }

    /// Returns the indices of the members `name`, at least one.
    ///
    /// - Throws: `noInput` if there is none; if the index is incomplete, the error that ended it.
    private func members(_ name: String, _ item: String) throws(Fault) -> [Int] {
        let wanted = Array(name.utf8)
        let sum = unsafe checksum(wanted.span.bytes)
        let first = order.indices.partitionIndex { order[$0].sum >= sum }
        // Names are compared too, because checksums can collide.
        let found = order[first...].prefix { $0.sum == sum }.map(\.number).filter {
            self.name($0).elementsEqual(wanted)
        }
        guard found.isEmpty else { return found }
        if let damage { throw damage }
        throw Fault(.noInput, item, found: "no such member in the archive")
    }

    func content(of name: String, item: String, _: PageCache) throws(Fault) -> ItemContent {
        let found = try members(name, item)
        let number = found[0]
        guard found.count == 1 else {
            throw .badData(
                item, found: "\(found.count) members of this name", expected: "one", remedy: "make the archive again")
        }
        switch contents[number] {
        case .bytes(let start, let size): return .piece(of: path, byteCount, start ..< start + size)
        case .unreadable(let what): throw .badData(item, found: what, expected: "an image")
        }
    }
}
