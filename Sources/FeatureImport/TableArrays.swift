internal import Archives
internal import Core
internal import TensorFiles

/// The columns of a Parquet file as arrays.
///
/// Lists of numbers are a matrix; numbers, texts, and Hugging Face's class labels have one axis.
struct TableArrays: ArrayFile {
    let path: String
    let entries: [ArrayListing.Entry]
    private let table: ParquetFile

    /// Whether the file at `path` begins as Parquet files do.
    static func isTable(_ path: String) -> Bool {
        guard let file = try? OpenFile(reading: path), let head = try? file.read(4, at: 0) else { return false }
        return head.elementsEqual("PAR1".utf8)
    }

    /// Lists the columns.
    ///
    /// - Throws: `badData` if the file is damaged.
    init(path: String) throws(Fault) {
        self.path = path
        let table = try ParquetFile(path: path)
        self.table = table
        entries = try table.columns.map { column throws(Fault) in try Self.entry(column, in: table) }
    }

    private static func entry(_ column: ParquetColumn, in table: ParquetFile) throws(Fault) -> ArrayListing.Entry {
        func entry(_ name: String, _ shape: [Int], _ content: ArrayListing.Entry.Content) -> ArrayListing.Entry {
            .init(name: name, shape: shape, content: content)
        }
        let rows = table.rowCount
        if let type = column.vectorType {
            return entry(column.listName, [rows, try table.vectorWidth(column)], .numbers(type.elementType))
        }
        if table.features?.classNames[column.name] != nil { return entry(column.name, [rows], .texts) }
        switch column.storage {
        case .int32, .int64: return entry(column.name, [rows], .numbers(.int64))
        case .float where column.isLabel, .double where column.isLabel:
            return entry(column.name, [rows], .numbers(.float64))
        case .bytes where column.isText && column.isLabel: return entry(column.name, [rows], .texts)
        default: break
        }
        let fault = Fault.badData(
            table.path, found: "column '\(column.name)' of another type",
            expected: "numbers, texts, or lists of floating-point numbers", remedy: "use another column")
        return entry(column.name, [rows], .other(fault))
    }

    func withTensor<Result>(
        _ name: String, isTransposed: Bool, _ body: (TensorView, _ release: () -> Void) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        let stored = try tensor(try column(name))
        let tensor = isTransposed ? stored.view.transposed() : stored
        return try body(tensor.view) {}
    }

    private func tensor(_ column: ParquetColumn) throws(Fault) -> Tensor {
        let source = "\(path): \(column.listName)"
        if let type = column.vectorType {
            let vectors = try table.vectors(column)
            return Tensor(
                vectors.bytes, shape: [vectors.rowCount, vectors.width], type: type.elementType, source: source)
        }
        let numbers = try values(column).enumerated().map { row, value throws(Fault) in
            switch value {
            case .integer(let number): return Int(number)
            case .number(let number):
                if let whole = Int(exactly: number) { return whole }
                throw unusable("\(number)", row, column, "a whole number")
            default: throw unusable("nothing", row, column, "a number")
            }
        }
        return Tensor(numbers, shape: [numbers.count], source: source)
    }

    func texts(_ name: String) throws(Fault) -> [String] {
        let column = try column(name)
        let classes = table.features?.classNames[column.name] ?? []
        return try values(column).enumerated().map { row, value throws(Fault) in
            switch value {
            case .integer(let label) where classes.indices.contains(Int(label)): return classes[Int(label)]
            case .bytes(let bytes):
                if let text = String(validating: bytes, as: UTF8.self) { return text }
                throw unusable("bytes that are not UTF-8", row, column, "a text")
            default: throw unusable("nothing", row, column, "a text")
            }
        }
    }

    private func column(_ name: String) throws(Fault) -> ParquetColumn {
        guard let column = table.columns.first(where: { [$0.name, $0.listName].contains(name) }) else {
            throw .badData(path, found: "no column '\(name)'", expected: "one", remedy: "use another name")
        }
        return column
    }

    private func values(_ column: ParquetColumn) throws(Fault) -> [ParquetValue] {
        var values: [ParquetValue] = []
        for group in 0 ..< table.groupCount { values += try table.values(column, group: group) }
        return values
    }

    private func unusable(_ found: String, _ row: Int, _ column: ParquetColumn, _ expected: String) -> Fault {
        .badData(
            path, found: "\(found) in row \(row) of column '\(column.name)'", expected: expected,
            remedy: "correct the table")
    }
}

extension ParquetColumn.VectorType {
    fileprivate var elementType: ElementType {
        switch self {
        case .half: .float16
        case .float: .float32
        case .double: .float64
        }
    }
}
