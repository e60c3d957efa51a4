package import Core

/// The lists of numbers in a column of a Parquet file, with the same number in each row.
package struct ParquetVectors: Sendable, Equatable {
    /// The little-endian numbers, in the type of the column [rows×width].
    package let bytes: [UInt8]
    /// The number of rows.
    package let rowCount: Int
    /// The number of numbers per row.
    package let width: Int
}

extension ParquetColumn {
    /// The type of a column of lists of floating-point numbers.
    package enum VectorType: Sendable {
        case half, float, double

        /// The size of a number in bytes.
        var byteCount: Int {
            switch self {
            case .half: 2
            case .float: 4
            case .double: 8
            }
        }
    }

    /// The type of the numbers if rows are lists of floating-point numbers.
    package var vectorType: VectorType? {
        guard repetitionLimit == 1 else { return nil }
        return switch storage {
        case .float: .float
        case .double: .double
        case .fixedBytes where isHalf: .half
        default: nil
        }
    }

    /// The name of a column of lists as users see it: `embedding` for `embedding.list.element`.
    package var listName: String {
        path.count > 2 && isRepeated ? path.dropLast(2).joined(separator: ".") : name
    }
}

extension ParquetFile {
    /// The number of numbers in the first row of `column`; 0 if there are no rows.
    package func vectorWidth(_ column: ParquetColumn) throws(Fault) -> Int {
        guard let group = groups.indices.first(where: { groups[$0].rowCount > 0 }) else { return 0 }
        var reader = VectorReader(self, column)
        try reader.read(group: group, isComplete: { $0.rowCount > 1 })
        return reader.firstWidth
    }

    /// Reads the lists of `column`.
    ///
    /// - Throws: `badData` if rows differ in their numbers of values, or a value is null.
    package func vectors(_ column: ParquetColumn) throws(Fault) -> ParquetVectors {
        var reader = VectorReader(self, column)
        for group in groups.indices { try reader.read(group: group) { _ in false } }
        try reader.endRow()
        return ParquetVectors(bytes: reader.bytes, rowCount: reader.rowCount, width: reader.firstWidth)
    }
}

/// A reader of lists of equal lengths, page after page.
private struct VectorReader {
    private let file: ParquetFile
    private let column: ParquetColumn
    private(set) var bytes: [UInt8] = []
    private(set) var rowCount = 0
    /// The number of values in the row that was started last.
    private var width = 0
    private var completeWidth: Int?

    init(_ file: ParquetFile, _ column: ParquetColumn) {
        self.file = file
        self.column = column
    }

    /// The number of values in the first row, if that is complete or the last.
    var firstWidth: Int { completeWidth ?? width }

    /// Reads the pages of a row group until `isComplete`.
    mutating func read(group: Int, isComplete: (VectorReader) -> Bool) throws(Fault) {
        let start = rowCount
        var dictionary: [ParquetValue]?
        for page in try file.pages(column, group: group) {
            if page.kind == .dictionary {
                dictionary = try file.values(of: page, column, group: group, dictionary: nil)
                continue
            }
            try append(file.lists(of: page, column, group: group, dictionary: dictionary))
            if isComplete(self) { return }
        }
        guard rowCount - start == file.groups[group].rowCount else {
            throw .damagedTable(
                file.path, "\(rowCount - start) rows of \(file.groups[group].rowCount) in column '\(column.name)'")
        }
    }

    private mutating func append(_ lists: PageDecoder.Lists) throws(Fault) {
        guard lists.values.count == lists.startsRow.count else {
            throw uneven("a null or an empty list near row \(rowCount)")
        }
        for (startsRow, value) in zip(lists.startsRow, lists.values) {
            if startsRow {
                try endRow()
                rowCount += 1
                width = 0
            }
            guard rowCount > 0 else { throw .damagedTable(file.path, "values before the first row") }
            append(value)
            width += 1
        }
    }

    private mutating func append(_ value: ParquetValue) {
        switch (value, column.vectorType) {
        case (.number(let number), .double): append(number.bitPattern, count: 8)
        case (.number(let number), _): append(UInt64(Float(number).bitPattern), count: 4)
        case (.bytes(let half), _): bytes += half
        default: preconditionFailure("Columns of vectors have numbers.")
        }
    }

    private mutating func append(_ bits: UInt64, count: Int) {
        for index in 0 ..< count { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * index))) }
    }

    /// Checks the width of the last row.
    mutating func endRow() throws(Fault) {
        guard rowCount > 0 else { return }
        guard width == completeWidth ?? width else {
            throw uneven("\(width) numbers in row \(rowCount - 1) and \(firstWidth) in row 0")
        }
        completeWidth = width
    }

    private func uneven(_ found: String) -> Fault {
        .badData(
            file.path, found: "\(found) of column '\(column.listName)'", expected: "as many numbers in each row",
            remedy: "leave out the rows without features")
    }
}
