internal import Adapter
public import Core
public import Studies

/// The items of a run as a table for other programs.
///
/// The columns are `id`, `subset`, `label`, `prediction`, `right`, `confidence`, `class_2`, `probability_2` and so on,
/// `x` and `y`, and `filepath` if the place of the images is known.
public struct ItemTable: Sendable {
    /// A file format.
    public enum Format: String, Sendable, CaseIterable {
        case parquet, csv, jsonl

        /// Reads the format from the suffix of a path.
        ///
        /// - Throws: `usage` for another suffix.
        public init(path: String) throws(Fault) {
            guard let format = Self.allCases.first(where: { path.lowercased().hasSuffix(".\($0.rawValue)") }) else {
                throw Fault(
                    .usage, option: "output", found: "'\(path)'", expected: "a name ending in .parquet, .csv or .jsonl",
                    remedy: "choose the format by the name's end")
            }
            self = format
        }
    }

    private let items: [ItemRecord]
    /// The number of classes per item after the most probable one.
    private let runnersUp: Int

    /// Creates a table of `items` with their `top` most probable classes.
    public init(_ items: [ItemRecord], top: Int) {
        self.items = items
        runnersUp = min(top, items.map(\.prediction.classes.count).max() ?? 0) - 1
    }

    /// Writes the table in the format that the name of the file tells, by the rules of ``ReportFile``.
    ///
    /// - Throws: `usage` for another name, `cannotCreate` if another file exists.
    public func write(to path: String, replacing: Bool) throws(Fault) {
        let format = try Format(path: path)
        let bytes =
            switch format {
            case .parquet: ParquetTable(columns).bytes
            case .csv: Array(csv.utf8)
            case .jsonl: items.flatMap { Array("\(JSONDocument.line($0))\n".utf8) }
            }
        try ReportFile.publish(bytes, to: path, replacing: replacing)
    }

    private var columns: [(name: String, values: ParquetTable.Values)] {
        let predictions = items.map(\.prediction)
        let runners = (0 ..< max(0, runnersUp)).flatMap { place in
            [
                ("class_\(place + 2)", .texts(predictions.map { $0.classes[place + 1].name })),
                ("probability_\(place + 2)", .floats(predictions.map { $0.classes[place + 1].probability })),
            ] as [(name: String, values: ParquetTable.Values)]
        }
        return [
            ("id", .texts(predictions.map(\.item))), ("subset", .texts(items.map(\.subset.rawValue))),
            ("label", .texts(predictions.map { $0.label ?? "" })),
            ("prediction", .texts(predictions.map { $0.classes.first?.name ?? "" })),
            ("right", .truths(predictions.map { $0.right ?? false })),
            ("confidence", .floats(predictions.map(\.confidence))),
        ] + runners + [("x", .floats(items.map(\.x))), ("y", .floats(items.map(\.y)))] + files
    }

    /// The column of image files; none if their place is unknown.
    private var files: [(name: String, values: ParquetTable.Values)] {
        let paths = items.compactMap(\.filepath)
        return paths.isEmpty || paths.count < items.count ? [] : [("filepath", .texts(paths))]
    }

    private var csv: String {
        let columns = columns
        let rows = items.indices.map { row in
            columns.map { column in
                switch column.values {
                case .texts(let values): values[row]
                case .truths(let values): "\(values[row])"
                case .floats(let values): "\(values[row])"
                }
            }
        }
        return ([columns.map(\.name)] + rows).map(csvLine).joined()
    }
}
