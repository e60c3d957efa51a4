internal import Core

/// Where the members of a tar archive are, so that any of them is read without the others.
struct TarIndex: Sendable {
    private enum Content {
        case bytes(start: Int, size: Int)
        /// No file whose bytes lie in one piece, and what it is instead.
        case none(String)
    }

    private let path: String
    /// How long the archive is; another length is another archive.
    private let byteCount: Int
    /// The names one after the other: a dictionary of texts would take several times as much.
    private var names: [UInt8] = []
    private var nameEnds: [Int] = []
    private var contents: [Content] = []
    /// Numbers of members by the checksums of their names, sorted.
    private var order: [(sum: UInt64, number: Int)] = []
    /// Why the rest of the archive could not be listed.
    private var damage: Fault?

    /// Lists the archive at `path`; a damaged one as far as it can be read.
    init(path: String) throws(Fault) {
        self.path = path
        byteCount = try ArchiveFile(path: path).byteCount
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
        case (.file, .some): contents.append(.none("an empty file"))
        case (.file, nil): contents.append(.none("a file with holes"))
        default: contents.append(.none("a link or device"))
        }
    }

    private func name(_ number: Int) -> ArraySlice<UInt8> {
        names[(number == 0 ? 0 : nameEnds[number - 1]) ..< nameEnds[number]]
    }

    /// Makes sure that there is a member `name`, whatever it is; `item` is what errors call it.
    func require(_ name: String, item: String) throws(Fault) { _ = try members(name, item) }

    /// The numbers of the members `name`, of which there is one at least.
    ///
    /// - Throws: `noInput` where there is none, and what ended the list where it might have been behind that.
    private func members(_ name: String, _ item: String) throws(Fault) -> [Int] {
        let wanted = Array(name.utf8)
        let sum = unsafe checksum(wanted.span.bytes)
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if order[middle].sum < sum { low = middle + 1 } else { high = middle }
        }
        // Checksums can agree by chance, so names decide.
        let found = order[low...].prefix { $0.sum == sum }.map(\.number).filter {
            self.name($0).elementsEqual(wanted)
        }
        guard found.isEmpty else { return found }
        if let damage { throw damage }
        throw Fault(.noInput, item, found: "no such member in the archive")
    }

    /// Finds the member `name`; `item` is what errors call it.
    ///
    /// - Throws: `noInput` where there is no such member, `badData` where there are two, or one without bytes of its own.
    func content(of name: String, item: String) throws(Fault) -> ItemContent {
        let found = try members(name, item)
        let number = found[0]
        guard found.count == 1 else {
            throw .badData(
                item, found: "\(found.count) members of this name", expected: "one", remedy: "make the archive again")
        }
        switch contents[number] {
        case .bytes(let start, let size): return .piece(of: path, byteCount, start ..< start + size)
        case .none(let what): throw .badData(item, found: what, expected: "an image")
        }
    }
}
