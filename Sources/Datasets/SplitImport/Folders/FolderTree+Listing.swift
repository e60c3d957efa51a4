package import Core

extension FolderTree {
    /// The tree of the files at `paths`, in any order, such as the output of `find` or `tar t`.
    ///
    /// A leading `./` is removed. A path that ends in `/`, or that other paths are below, is a folder. `source` is the
    /// name of the listing in error messages.
    ///
    /// - Throws: `badData` with the line that is not a path below the listed folder.
    package init(listing paths: some Sequence<String>, source: String = "the listing") throws(Fault) {
        var builder = ListingBuilder(source: source)
        for (index, path) in paths.enumerated() { try builder.add(path, line: index + 1) }
        self = builder.list.tree(notes: [])
    }
}

/// The builder of a tree from lines of paths.
private struct ListingBuilder {
    let source: String
    var list = FolderList()
    /// The indices of folders by the bytes of their paths, which end in `/`.
    private(set) var indices: [[UInt8]: Int] = [[]: 0]
    /// The folder of the previous path, as most listings are grouped by folder.
    private(set) var last = (path: [UInt8](), index: 0)

    mutating func add(_ path: String, line: Int) throws(Fault) {
        guard let (start, nameStart) = try scan(path, line) else { return }
        let folder = folder(path, start ..< nameStart)
        let bytes = path.utf8
        let name = bytes[bytes.index(bytes.startIndex, offsetBy: nameStart)...]
        if !name.isEmpty { list.entries[folder].files.append(String(Substring(name))) }
    }

    /// Checks every component of `path` and returns the offsets of the path and of its last component; nil for the root
    /// or a path with a hidden name.
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
        var component = start
        var depth = 0
        var isHidden = false
        for offset in start ... bytes.count {
            if offset < bytes.count {
                if bytes[offset] == 0 { throw refused("a zero byte", path, line) }
                if bytes[offset] != UInt8(ascii: "/") { continue }
            }
            let count = offset - component
            if count == 0, offset < bytes.count { throw refused("an empty component", path, line) }
            if count > 0, bytes[component] == UInt8(ascii: ".") {
                if count == 1 { throw refused("'.' as a component", path, line) }
                if count == 2, bytes[component + 1] == UInt8(ascii: ".") { throw refused("'..'", path, line) }
                isHidden = true
            }
            guard offset < bytes.count else { break }
            depth += 1
            component = offset + 1
        }
        guard depth <= FolderTree.depthLimit else { throw refused("\(depth) nested folders", path, line) }
        return isHidden ? nil : (start, component)
    }

    private mutating func folder(_ path: String, _ range: Range<Int>) -> Int {
        let bytes = path.utf8Span.span
        let isLast =
            last.path.count == range.count
            && range.indices.allSatisfy { bytes[$0] == last.path[$0 - range.lowerBound] }
        if !isLast {
            let folder = range.map { bytes[$0] }
            last = (folder, index(of: folder))
        }
        return last.index
    }

    /// The index of the folder `path`, which is added after those above it if it is new.
    private mutating func index(of path: [UInt8]) -> Int {
        if let known = indices[path] { return known }
        let name = path.dropLast().split(separator: UInt8(ascii: "/")).last ?? []
        let parent = index(of: Array(path.dropLast(name.count + 1)))
        indices[path] = list.append(String(decoding: name, as: UTF8.self), in: parent)
        return indices[path] ?? 0
    }

    private func refused(_ found: String, _ path: String, _ line: Int) -> Fault {
        .badData(
            source, found: "\(found) on line \(line): '\(path.prefix(200))'",
            expected: "a path below the listed folder, at most \(FolderTree.depthLimit) folders deep",
            remedy: "list the files from inside the folder, for example with 'find . -type f'")
    }
}
