public import Core

extension FolderTree {
    /// The tree of the files at `paths`, as `find` or `tar t` lists them, in any order.
    ///
    /// A leading `./` is dropped, a path that ends in `/` is a folder, and so is one that others lie below.
    ///
    /// - Parameters:
    ///   - paths: one path each, with `/` between names.
    ///   - source: what an error calls the listing.
    /// - Throws: `badData` with the number of the line that is no path below the listed folder.
    public init(listing paths: some Sequence<String>, source: String = "the listing") throws(Fault) {
        var builder = ListingBuilder(source: source)
        var line = 0
        for path in paths {
            line += 1
            try builder.add(path, line: line)
        }
        self = builder.list.tree(notes: [])
        let repeats = removeRepeatedFiles()
        if repeats > 0 { notes = ["\(repeats) files are listed more than once, and are in the tree once"] }
    }

    private mutating func removeRepeatedFiles() -> Int {
        var removed = 0
        for place in folders.indices { removed += folders[place].tree.removeRepeatedFiles() }
        let isUnique = files.indices.dropFirst().allSatisfy { files[$0 - 1].precedes(files[$0]) }
        guard !isUnique else { return removed }
        var kept: [String] = []
        for file in files where kept.last.map({ $0.precedes(file) }) ?? true { kept.append(file) }
        removed += files.count - kept.count
        files = kept
        return removed
    }
}

private struct ListingBuilder {
    let source: String
    var list = FolderList()
    /// The folders by the bytes of their paths, which end in `/`.
    private var places: [[UInt8]: Int] = [[]: 0]
    /// The folder of the path before: most listings name a folder's files one after the other.
    private var last = (path: [UInt8](), place: 0)

    init(source: String) { self.source = source }

    mutating func add(_ path: String, line: Int) throws(Fault) {
        guard let (start, nameStart) = try scan(path, line) else { return }
        let folder = folder(path, start ..< nameStart)
        let bytes = path.utf8
        let name = bytes[bytes.index(bytes.startIndex, offsetBy: nameStart)...]
        if !name.isEmpty { list.append(file: String(Substring(name)), to: folder) }
    }

    /// Checks every component of `path`.
    ///
    /// - Returns: where the path and its last component start; nil if a hidden name is in it, or nothing at all.
    private func scan(_ path: String, _ line: Int) throws(Fault) -> (start: Int, name: Int)? {
        let bytes = path.utf8Span.span
        var start = 0
        while start + 1 < bytes.count, bytes[start] == UInt8(ascii: "."), bytes[start + 1] == UInt8(ascii: "/") {
            start += 2
        }
        if bytes.count - start <= 1, start == bytes.count || bytes[start] == UInt8(ascii: ".") {
            if bytes.isEmpty { throw refused("an empty path", path, line) }
            return nil
        }
        if bytes[start] == UInt8(ascii: "/") { throw refused("an absolute path", path, line) }
        var (component, depth, isHidden) = (start, 0, false)
        for place in start ... bytes.count {
            if place < bytes.count {
                if bytes[place] == 0 { throw refused("a zero byte", path, line) }
                if bytes[place] != UInt8(ascii: "/") { continue }
            }
            let count = place - component
            if count == 0, place < bytes.count { throw refused("an empty component", path, line) }
            if count > 0, bytes[component] == UInt8(ascii: ".") {
                if count == 1 { throw refused("'.' as a component", path, line) }
                if count == 2, bytes[component + 1] == UInt8(ascii: ".") { throw refused("'..'", path, line) }
                isHidden = true
            }
            guard place < bytes.count else { break }
            depth += 1
            component = place + 1
        }
        guard depth <= FolderTree.depthLimit else { throw refused("\(depth) folders within each other", path, line) }
        return isHidden ? nil : (start, component)
    }

    private mutating func folder(_ path: String, _ range: Range<Int>) -> Int {
        let bytes = path.utf8Span.span
        let isLast =
            last.path.count == range.count
            && range.indices.allSatisfy { bytes[$0] == last.path[$0 - range.lowerBound] }
        if isLast { return last.place }
        let whole = range.map { bytes[$0] }
        if let known = places[whole] {
            last = (whole, known)
            return known
        }
        var key: [UInt8] = []
        var (place, name) = (0, [UInt8]())
        for index in range {
            key.append(bytes[index])
            guard bytes[index] == UInt8(ascii: "/") else {
                name.append(bytes[index])
                continue
            }
            if let known = places[key] {
                place = known
            } else {
                place = list.append(String(decoding: name, as: UTF8.self), in: place)
                places[key] = place
            }
            name.removeAll(keepingCapacity: true)
        }
        last = (key, place)
        return place
    }

    private func refused(_ found: String, _ path: String, _ line: Int) -> Fault {
        .badData(
            source, found: "\(found) on line \(line): '\(path.prefix(200))'",
            expected: "a path below the listed folder, at most \(FolderTree.depthLimit) folders deep",
            remedy: "list the files from inside their folder, as with 'find . -type f'")
    }
}
