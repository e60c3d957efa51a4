public import Studies

/// A table of numbers in percent, before it is laid out in any language.
public struct ReportTable: Sendable, Equatable {
    public var caption: String
    /// What heads the columns of `labels`.
    public var labelHeads: [String]
    public var heads: [String]
    public var rows: [Row]
    /// Sentences below the table.
    public var notes: [String] = []

    public struct Row: Sendable, Equatable {
        public var labels: [String]
        public var cells: [Cell?]
        public var kind = Kind.result
        /// Rows of one series compete for the best number of a column.
        var series = ""

        public enum Kind: Sendable { case result, published, difference }
    }

    public struct Cell: Sendable, Equatable {
        public var value: Summary
        public var isBest = false
    }

    /// Marks the best number of each column and series, where several compete; equal ones as they are shown.
    mutating func markBest(_ decimals: Int) {
        for column in heads.indices {
            for series in rows.map(\.series).unique {
                let rivals = rows.indices.filter {
                    rows[$0].series == series && rows[$0].kind == .result && rows[$0].cells[column] != nil
                }
                guard rivals.count > 1, let best = rivals.compactMap({ rows[$0].cells[column]?.value.mean }).max()
                else { continue }
                for row in rivals {
                    guard let mean = rows[row].cells[column]?.value.mean else { continue }
                    rows[row].cells[column]?.isBest = decimal(mean, decimals) == decimal(best, decimals)
                }
            }
        }
    }

    /// The text of a cell; a hyphen where there is none.
    static func text(_ cell: Cell?, _ kind: Row.Kind, _ decimals: Int) -> String {
        guard let value = cell?.value else { return "-" }
        return kind == .difference ? signed(value.mean, decimals) : value.text(decimals)
    }

    /// Says below the table what its deviations are, if it has any.
    mutating func noteDeviations() {
        let counts = rows.flatMap { $0.cells.compactMap { $0?.value } }.filter { $0.deviation != nil }.map(\.count)
        guard let least = counts.min(), let most = counts.max() else { return }
        let seeds = least == most ? "\(most)" : "\(least) to \(most)"
        notes.insert("± is the standard deviation over \(seeds) seeds.", at: 0)
    }

    /// What a mark on the best number says.
    var bestNote: String? {
        guard rows.contains(where: { $0.cells.contains { $0?.isBest == true } }) else { return nil }
        return labelHeads.count > 1 ? "the best of its column at that number of shots" : "the best of its column"
    }
}

/// What decides how numbers are laid out.
public struct TableOptions: Sendable {
    /// Decimals of a percentage, 0 to 6.
    public var decimals = 2
    /// Published numbers below ours, where the data set and the backbone are theirs.
    public var showsPublished = false

    public init() {}
}
