internal import Core
internal import FoundationEssentials
internal import Synchronization

/// A source file of a virtual feature file.
struct VirtualSource: Codable, Equatable, Sendable {
    /// The path relative to the virtual file's folder.
    let name: String
    let count: Int
    let digest: Digest

    static let tableName = "parts"

    var line: String { JSONDocument.line(self) }

    static func table(_ sources: [VirtualSource]) -> SideTable {
        SideTable(tableName, sources.map(\.line), shape: [sources.count])
    }
}

/// The source files of a virtual feature file, opened on first use and shared by all readers.
final class VirtualSources: Sendable {
    private struct Source {
        let path: String
        let listed: VirtualSource
        /// The index of its first item in the virtual file.
        let first: Int
    }

    /// An open file shared by several readers.
    private final class Opened: Sendable {
        let file: FeatureFile
        init(_ file: consuming FeatureFile) { self.file = file }
    }

    private let sources: [Source]
    private let shape: FeatureShape
    private let opened = Mutex<[Int: Opened]>([:])

    /// Reads the list of the virtual file at `path`; nil if the file is not virtual.
    ///
    /// - Throws: `badData` for an inconsistent list or a file outside of the folder.
    init?(_ layout: FeatureLayout, in file: RawSpan, path: String) throws(Fault) {
        guard layout.sources != nil else { return nil }
        let shape = layout.shape
        let folder = parentFolder(of: path)
        var sources: [Source] = []
        var first = 0
        for line in try layout.texts(VirtualSource.tableName, in: file, path) {
            let listed = try JSONDocument.decode(
                VirtualSource.self, from: Data(line.utf8), path: path, expected: "a list of source files")
            let pieces = listed.name.split(separator: "/", omittingEmptySubsequences: false)
            guard !pieces.contains(where: { ["", ".", ".."].contains($0) }) else {
                throw .invalidLayout(path, "the source '\(listed.name)' outside of its folder")
            }
            guard listed.count > 0, listed.count <= shape.count - first else {
                throw .invalidLayout(path, "sources with more items than the file")
            }
            sources.append(Source(path: folder.appending(path: listed.name), listed: listed, first: first))
            first += listed.count
        }
        guard first == shape.count else { throw .invalidLayout(path, "sources with \(first) of \(shape.count) items") }
        self.sources = sources
        self.shape = shape
    }

    private func open(_ index: Int) throws(Fault) -> Opened {
        if let file = opened.withLock({ $0[index] }) { return file }
        let path = sources[index].path
        let listed = sources[index].listed
        let remedy: Remedy = "restore the file, or \(action: .runShards)"
        guard try FileKind.found(at: path) != .absent else {
            throw Fault(.noInput, path, found: "no such file", expected: "a source of the virtual file", remedy: remedy)
        }
        let file = try FeatureFile(path: path)
        guard file.digest == listed.digest, file.count == listed.count, file.layout.shape.hasRows(like: shape),
            !file.isVirtual
        else {
            throw .badData(
                path, found: "other features", expected: "the features of digest \(listed.digest)", remedy: remedy)
        }
        let made = Opened(file)
        return opened.withLock { opened in
            opened[index] = opened[index] ?? made
            return opened[index] ?? made
        }
    }

    /// Returns the index of the source that holds an item.
    private func source(of item: Int) -> Int {
        var low = 0
        var high = sources.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if sources[middle].first <= item { low = middle } else { high = middle - 1 }
        }
        return low
    }

    func read(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        let itemValues = selection.views.count * shape.width
        var positions: [Int: [Int]] = [:]
        for position in 0 ..< selection.itemCount {
            positions[source(of: selection.item(position)), default: []].append(position)
        }
        // The claims of the list are compared with the sources before memory is allocated.
        for index in positions.keys.sorted() { _ = try open(index) }
        values.resize(to: selection.count * shape.width)
        var some: [Float] = []
        for (index, positions) in positions.sorted(by: { $0.key < $1.key }) {
            let rows = positions.map { selection.item($0) - sources[index].first }
            try open(index).file.read(rows: rows, views: selection.views, into: &some)
            for (number, position) in positions.enumerated() {
                for value in 0 ..< itemValues {
                    values[position * itemValues + value] = some[number * itemValues + value]
                }
            }
        }
    }

    /// Streams the raw features of all sources in order, in pieces like ``FeatureFile/forEachPiece(multipleOf:_:)``.
    func forEachPiece(multipleOf multiple: Int, _ body: (Range<Int>, RawSpan) throws(Fault) -> Void) throws(Fault) {
        let items = multiple * max(1, (16 << 20) / (multiple * shape.itemBytes))
        var start = 0
        var pending: [UInt8] = []
        func flush() throws(Fault) {
            let count = pending.count / shape.itemBytes
            unsafe try body(start ..< start + count, pending.span.bytes)
            start += count
            pending.removeAll(keepingCapacity: true)
        }
        for index in sources.indices {
            try open(index).file.forEachPiece { _, bytes throws(Fault) in
                var taken = 0
                while taken < bytes.byteCount {
                    let end = min(bytes.byteCount, taken + items * shape.itemBytes - pending.count)
                    let piece = bytes.extracting(taken ..< end)
                    unsafe piece.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
                    taken = end
                    if pending.count == items * shape.itemBytes { try flush() }
                }
            }
        }
        if !pending.isEmpty { try flush() }
    }
}
