public import Core

/// The features that a build has made so far: whatever kills the process, a row that was put is there afterwards, or is
/// made again.
///
/// Rows lie where the feature file will have them. A journal names the ranges that were put, each with the checksum of
/// its rows and of its own line; so neither an order of writing nor a sync has to be relied on, and a torn row is found.
public struct UnfinishedFeatures: ~Copyable {
    private let rows: WorkFile
    private let journal: WorkFile
    private let rowBytes: Int
    /// Where the next line of the journal goes.
    private var end: Int
    /// Which rows [N×V] are there.
    private var isDone: [Bool]
    public private(set) var doneCount = 0

    /// Bytes of a line: the first row, how many, the checksum of their bytes, and that of these three numbers.
    private static let lineBytes = 32

    /// Opens what an earlier process left in `folder` of the features called `name`, or starts anew.
    ///
    /// Every range that the journal names is read and compared; what does not fit is forgotten. `count` rows of
    /// `rowBytes` bytes are expected in all.
    ///
    /// - Throws: `tryAgain` where another process is at the same work, `inputOutput` for a full disk.
    public init(folder: String, name: String, count: Int, rowBytes: Int) throws(Fault) {
        precondition(count >= 0 && rowBytes > 0, "\(count) rows of \(rowBytes) bytes")
        try makeFolder(folder)
        let journal = try WorkFile(path: "\(folder)/\(name).journal")
        let rows = try WorkFile(path: "\(folder)/\(name).rows")
        if try rows.byteCount() != count * rowBytes {
            // Rows of another number have other places: nothing that is known of them holds.
            try journal.resize(0)
            try rows.resize(count * rowBytes)
        }
        let found = try Self.recover(journal, rows, count: count, rowBytes: rowBytes)
        (isDone, end) = found
        doneCount = found.isDone.count { $0 }
        self.journal = journal
        self.rows = rows
        self.rowBytes = rowBytes
    }

    /// Puts `bytes`, whole rows, at row `start`.
    ///
    /// - Throws: `inputOutput` for a full disk or one that fails; what was put before stays.
    public mutating func put(_ bytes: RawSpan, at start: Int) throws(Fault) {
        let count = bytes.byteCount / rowBytes
        precondition(bytes.byteCount == count * rowBytes, "\(bytes.byteCount) bytes are no whole rows")
        precondition(start >= 0 && start + count <= isDone.count, "rows beyond the last")
        try rows.write(bytes, at: start * rowBytes)
        let numbers = [UInt64(start), UInt64(count), checksum(bytes)]
        let line = (numbers + [Self.lineChecksum(numbers)]).map { $0.littleEndian }
        unsafe try journal.write(line.span.bytes, at: end)
        end += Self.lineBytes
        mark(start ..< start + count)
    }

    /// The bytes of `range`, which are all there.
    public func read(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        precondition(range.allSatisfy { isDone[$0] }, "rows that are not there yet")
        let bytes = try rows.read(range.count * rowBytes, at: range.lowerBound * rowBytes)
        guard bytes.count == range.count * rowBytes else {
            throw .badData(
                rows.path, found: "a file that was cut while it was used", expected: "\(isDone.count * rowBytes) bytes",
                remedy: "run the same command again; rows that are missing are made again")
        }
        return bytes
    }

    /// Where the files are.
    public var folder: String { parentFolder(of: rows.path) }

    /// Whether row `index` is there.
    public func hasRow(_ index: Int) -> Bool { isDone[index] }

    public var isWhole: Bool { doneCount == isDone.count }

    /// Removes the files, once the feature file is in place.
    public consuming func remove() {
        removeFile(rows.path)
        removeFile(journal.path)
    }

    private mutating func mark(_ range: Range<Int>) {
        for row in range where !isDone[row] {
            isDone[row] = true
            doneCount += 1
        }
    }

    /// Reads the journal up to the first line that is not whole, and believes the ranges whose rows have their checksum.
    private static func recover(
        _ journal: borrowing WorkFile, _ rows: borrowing WorkFile, count: Int, rowBytes: Int
    ) throws(Fault) -> (isDone: [Bool], end: Int) {
        var isDone = [Bool](repeating: false, count: count)
        var end = 0
        let lines = try journal.read(journal.byteCount(), at: 0)
        while end + lineBytes <= lines.count {
            let numbers = (0 ..< 4).map { place in
                (0 ..< 8).reduce(UInt64(0)) { $0 | UInt64(lines[end + 8 * place + $1]) << (8 * UInt64($1)) }
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
        // What a killed process left half written is written over.
        try journal.resize(end)
        return (isDone, end)
    }

    private static func lineChecksum(_ numbers: [UInt64]) -> UInt64 {
        let line = numbers.map { $0.littleEndian }
        return unsafe checksum(line.span.bytes)
    }
}
