internal import Studies

/// A table of percentages, independent of the output format.
public struct ReportTable: Sendable, Equatable {
    /// The caption.
    public var caption: String
    /// The headings of the label columns and of the number columns.
    public var labelHeads, heads: [String]
    /// The rows.
    public var rows: [Row] = []
    /// The sentences below the table.
    public var notes: [String] = []

    /// A row of a table.
    public struct Row: Sendable, Equatable {
        /// The labels: the method, and in tables with several rows per method the number of shots.
        public var labels: [String]
        /// The numbers; nil if missing.
        public var cells: [Cell?]
        /// The kind of the numbers.
        public var kind: Kind

        /// The kind of a row's numbers.
        public enum Kind: String, Sendable { case result, published, difference }

        init(_ labels: [String], _ numbers: [Summary?], kind: Kind = .result) {
            self.labels = labels
            self.kind = kind
            cells = numbers.map { $0.map { Cell(value: $0) } }
        }

        /// The number of shots; rows with the same one compete for the best number of a column.
        fileprivate var series: String { labels.count > 1 ? labels[1] : "" }
    }

    /// A number of a table.
    public struct Cell: Sendable, Equatable {
        /// The mean and deviation.
        public var value: Summary
        /// Whether the number is the best of its column and series.
        public var isBest = false
    }

    /// Marks the best numbers, and adds a note on the deviations.
    mutating func finish(_ decimals: Int) {
        markBest(decimals)
        noteOrigins()
        let counts = rows.flatMap { $0.cells.compactMap { $0?.value } }.filter { $0.deviation != nil }.map(\.count)
        guard let least = counts.min(), let most = counts.max() else { return }
        let seeds = least == most ? "\(most)" : "\(least) to \(most)"
        notes.insert("± is the sample standard deviation (n - 1) over \(seeds) seeds.", at: 0)
    }

    /// Adds a note on methods without published code.
    private mutating func noteOrigins() {
        let meanings = [
            ("(reconstruction)", "a reconstruction from the paper, of which no code was published"),
            ("(ours)", "a baseline of this project"),
        ]
        let labels = rows.compactMap(\.labels.first)
        let marked = meanings.filter { mark, _ in labels.contains { $0.hasSuffix(mark) } }
        guard !marked.isEmpty else { return }
        notes.append(marked.map { "\($0): \($1)" }.joined(separator: "; ") + ".")
    }

    /// Marks the best number of each column and series with several rows, and numbers that are equal when rounded.
    private mutating func markBest(_ decimals: Int) {
        for column in heads.indices {
            for rivals in rows.indices.filter({ rows[$0].kind == .result }).grouped(by: { rows[$0].series }) {
                let means = rivals.compactMap { rows[$0].cells[column]?.value.mean }
                guard means.count > 1, let best = means.max() else { continue }
                for row in rivals {
                    guard let mean = rows[row].cells[column]?.value.mean else { continue }
                    rows[row].cells[column]?.isBest = decimal(mean, decimals) == decimal(best, decimals)
                }
            }
        }
    }

    /// Formats a cell; a hyphen if it is missing.
    static func text(_ cell: Cell?, _ kind: Row.Kind, _ decimals: Int) -> String {
        guard let value = cell?.value else { return "-" }
        return kind == .difference ? signed(value.mean, decimals) : value.text(decimals)
    }

    /// The meaning of the mark on the best numbers; nil if there is none.
    var bestNote: String? {
        guard rows.contains(where: { $0.cells.contains { $0?.isBest == true } }) else { return nil }
        return labelHeads.count > 1 ? "the best of its column at that number of shots" : "the best of its column"
    }
}

/// The options of tables.
public struct TableOptions: Sendable {
    /// The number of decimals, 0 to 6.
    public var decimals = 2
    /// Whether to show published numbers for matching data sets and backbones.
    public var showsPublished = false

    /// Creates the default options.
    public init() {}
}
