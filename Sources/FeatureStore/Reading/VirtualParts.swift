internal import Core
internal import Foundation
internal import Synchronization

/// A file that holds some of a virtual file's rows: a line of its list.
struct VirtualPart: Codable, Equatable, Sendable {
    /// Below the virtual file's folder.
    let name: String
    /// Its items.
    let count: Int
    /// The features' identity.
    let digest: Digest

    static let tableName = "parts"

    var line: String { JSONDocument.line(self) }

    /// The list as it stands in the file.
    static func table(_ parts: [VirtualPart]) -> SideTable {
        let lines = parts.map { Array($0.line.utf8) }
        let width = lines.map(\.count).max() ?? 1
        let bytes = lines.flatMap { $0 + Array(repeating: 0, count: width - $0.count) }
        return SideTable(tableName, .text(width: width), shape: [parts.count], bytes: bytes)
    }
}

/// The files that hold the rows of a virtual feature file, opened when they are touched first.
///
/// It is a class as the files are opened once for all readers.
final class VirtualParts: Sendable {
    private struct Part {
        let path: String
        let listed: VirtualPart
        /// Its first item among all.
        let first: Int
    }

    /// An open file, which several readers share.
    private final class Opened: Sendable {
        let file: FeatureFile
        init(_ file: consuming FeatureFile) { self.file = file }
    }

    private let parts: [Part]
    private let shape: FeatureShape
    private let opened = Mutex<[Int: Opened]>([:])

    /// Takes the list of the virtual file at `path`; nil for a file with rows of its own.
    ///
    /// - Throws: `badData` for a list that does not add up, or names a file outside the folder.
    init?(_ layout: FeatureLayout, in file: RawSpan, path: String) throws(Fault) {
        guard let table = layout.parts else { return nil }
        let lines = try layout.texts(table, VirtualPart.tableName, in: file, path)
        let shape = layout.shape
        let folder = parentFolder(of: path)
        var parts: [Part] = []
        var first = 0
        for line in lines {
            let listed = try JSONDocument.decode(
                VirtualPart.self, from: Data(line.utf8), path: path, expected: "a list of parts")
            let pieces = listed.name.split(separator: "/", omittingEmptySubsequences: false)
            guard !pieces.contains(where: { ["", ".", ".."].contains($0) }) else {
                throw .strange(path, "the part '\(listed.name)' outside its folder")
            }
            guard listed.count > 0, listed.count <= shape.count - first else {
                throw .strange(path, "parts with more items than it has")
            }
            parts.append(Part(path: "\(folder)/\(listed.name)", listed: listed, first: first))
            first += listed.count
        }
        guard first == shape.count else { throw .strange(path, "parts with \(first) of its \(shape.count) items") }
        (self.parts, self.shape) = (parts, shape)
    }

    private func open(_ index: Int) throws(Fault) -> Opened {
        if let file = opened.withLock({ $0[index] }) { return file }
        let (path, listed) = (parts[index].path, parts[index].listed)
        let remedy = "put the part back, or make it again with 'fewshot-features worker'"
        guard try FileKind.found(at: path) != .absent else {
            throw Fault(.noInput, path, found: "no such file", expected: "a part of the virtual file", remedy: remedy)
        }
        let file = try FeatureFile(path: path)
        guard file.digest == listed.digest, file.count == listed.count, file.views == shape.views,
            file.width == shape.width, file.type == shape.type, !file.isVirtual
        else {
            throw .badData(
                path, found: "other features", expected: "those of digest \(listed.digest)", remedy: remedy)
        }
        let made = Opened(file)
        return opened.withLock { opened in
            if let other = opened[index] { return other }
            opened[index] = made
            return made
        }
    }

    /// The part that holds an item.
    private func part(of item: Int) -> Int {
        var (low, high) = (0, parts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if parts[middle].first <= item { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// Makes sure that the parts that hold a selection are there and have its shape.
    func require(_ selection: ViewSelection) throws(Fault) {
        for index in Set((0 ..< selection.itemCount).map { part(of: selection.item($0)) }).sorted() {
            _ = try open(index)
        }
    }

    /// Reads a selection, part by part.
    func read(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        let itemValues = selection.views.count * shape.width
        var places: [Int: [Int]] = [:]
        for place in 0 ..< selection.itemCount { places[part(of: selection.item(place)), default: []].append(place) }
        var some: [Float] = []
        for (index, places) in places.sorted(by: { $0.key < $1.key }) {
            let rows = places.map { selection.item($0) - parts[index].first }
            try open(index).file.read(rows: rows, views: selection.views, into: &some)
            for (number, place) in places.enumerated() {
                for value in 0 ..< itemValues { values[place * itemValues + value] = some[number * itemValues + value] }
            }
        }
    }

    /// Streams the raw features of all parts in order; each piece but the last holds a multiple of so many items.
    func forEachPiece(
        multipleOf multiple: Int, _ body: (Range<Int>, RawSpan) throws(Fault) -> Void
    ) throws(Fault) {
        let items = multiple * max(1, (16 << 20) / (multiple * shape.itemBytes))
        var (start, pending): (Int, [UInt8]) = (0, [])
        func flush() throws(Fault) {
            let count = pending.count / shape.itemBytes
            unsafe try body(start ..< start + count, pending.span.bytes)
            start += count
            pending.removeAll(keepingCapacity: true)
        }
        for index in parts.indices {
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
