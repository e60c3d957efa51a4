public import Core

/// The work folder of an unfinished build, which survives a kill at any time.
///
/// Rows are stored in the order of the feature file. A journal lists the written ranges, each with the checksums of
/// its rows and of its own line. Recovery therefore does not depend on the order of writes or on syncs: rows without a
/// valid entry are computed again.
public struct UnfinishedFeatures: ~Copyable {
    private let rows: OpenFile
    private let journal: OpenFile
    private let rowBytes: Int
    /// The offset of the next journal line.
    private var end: Int
    /// Whether each row [N×V] is written.
    private var isDone: [Bool]
    /// The number of written rows.
    public private(set) var doneCount = 0

    /// The size of a journal line: the first row, the number of rows, their checksum, and that of the line.
    private static let lineBytes = 32

    /// Opens the unfinished features `name` of an earlier process in `folder`, or starts new ones.
    ///
    /// Ranges of the journal that do not match are discarded. Complete features have `count` rows of `rowBytes` bytes.
    ///
    /// - Throws: `tryAgain` if another process has the files open, `inputOutput` for a full disk.
    public init(folder: String, name: String, count: Int, rowBytes: Int) throws(Fault) {
        precondition(count >= 0 && rowBytes > 0, "\(count) rows of \(rowBytes) bytes")
        let journal = try OpenFile(locking: "\(name).journal", in: folder)
        let rows = try OpenFile(locking: folder.appending(path: "\(name).rows"))
        if try rows.byteCount() != count * rowBytes {
            // Rows of a different layout are useless.
            try journal.resize(0)
            try rows.resize(count * rowBytes)
            if count > 0 { try rows.reserve(count * rowBytes) }
        }
        let found = try Self.recover(journal, rows, count: count, rowBytes: rowBytes)
        isDone = found.isDone
        end = found.end
        doneCount = found.isDone.count { $0 }
        self.journal = journal
        self.rows = rows
        self.rowBytes = rowBytes
    }

    /// Writes complete rows, starting at row `start`.
    ///
    /// - Throws: `inputOutput` for a full or failing disk; earlier rows stay valid.
    public mutating func put(_ bytes: RawSpan, at start: Int) throws(Fault) {
        let count = bytes.byteCount / rowBytes
        precondition(bytes.byteCount == count * rowBytes, "\(bytes.byteCount) bytes are not complete rows")
        precondition(start >= 0 && start + count <= isDone.count, "rows beyond the last")
        try rows.write(bytes, at: start * rowBytes)
        let numbers = [UInt64(start), UInt64(count), checksum(bytes)]
        let line = (numbers + [Self.lineChecksum(numbers)]).map { $0.littleEndian }
        unsafe try journal.write(line.span.bytes, at: end)
        end += Self.lineBytes
        for row in start ..< start + count where !isDone[row] {
            isDone[row] = true
            doneCount += 1
        }
    }

    /// Reads the rows `range`, which must be written.
    public func read(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        precondition(range.allSatisfy { isDone[$0] }, "rows that are not written")
        let bytes = try rows.read(range.count * rowBytes, at: range.lowerBound * rowBytes)
        guard bytes.count == range.count * rowBytes else {
            throw .badData(
                rows.path, found: "a file that was truncated during use", expected: "\(isDone.count * rowBytes) bytes",
                remedy: "run the same command again to compute the missing rows")
        }
        return bytes
    }

    /// The work folder.
    public var folder: String { parentFolder(of: rows.path) }

    /// Whether row `index` is written.
    public func hasRow(_ index: Int) -> Bool { isDone[index] }

    /// Whether all rows are written.
    public var isWhole: Bool { doneCount == isDone.count }

    /// Removes the files after the feature file is published.
    public consuming func remove() {
        removeFile(rows.path)
        removeFile(journal.path)
    }

    /// Reads complete journal lines and keeps the row ranges whose checksums match.
    private static func recover(
        _ journal: borrowing OpenFile, _ rows: borrowing OpenFile, count: Int, rowBytes: Int
    ) throws(Fault) -> (isDone: [Bool], end: Int) {
        var isDone = [Bool](repeating: false, count: count)
        var end = 0
        let lines = try journal.read(journal.byteCount(), at: 0)
        while end + lineBytes <= lines.count {
            let numbers = (0 ..< 4).map { index in
                (0 ..< 8).reduce(UInt64(0)) { $0 | UInt64(lines[end + 8 * index + $1]) << (8 * UInt64($1)) }
            }
            guard numbers[3] == lineChecksum(Array(numbers[..<3])), let start = Int(exactly: numbers[0]),
                let length = Int(exactly: numbers[1]), start <= count, length <= count - start
            else { break }
            let found = try rows.read(length * rowBytes, at: start * rowBytes)
            let sum = unsafe checksum(found.span.bytes)
            if found.count == length * rowBytes, sum == numbers[2] {
                for row in start ..< start + length { isDone[row] = true }
            }
            end += lineBytes
        }
        // Removes an incomplete line of a killed process.
        try journal.resize(end)
        return (isDone, end)
    }

    private static func lineChecksum(_ numbers: [UInt64]) -> UInt64 {
        let line = numbers.map { $0.littleEndian }
        return unsafe checksum(line.span.bytes)
    }
}
