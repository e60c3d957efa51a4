internal import Adapter
internal import Studies

/// Accuracies that others have published, found by method, data set, backbone and shots.
enum PublishedNumbers {
    /// One published accuracy in percent.
    struct Number: Sendable, Equatable {
        let value: Double
        let source: Source
    }

    /// Where a table of numbers stands.
    struct Source: Sendable, Hashable {
        let title: String
        /// How it came to its numbers, where that is known.
        let remark: String
    }

    /// A row of a published table.
    struct Row: Sendable {
        let method: String
        let backbone: Backbone
        let shots: Int
        /// One a benchmark, in CoOp's order; empty where only the average is known.
        let values: [Double]
        /// The average over the eleven benchmarks, as it is computed from the row or was published.
        let average: Double
        let source: Source
    }

    static let rows: [Row] = tipAdapterRows + apeRows + gdaRows + taskResRows + timoRows + crossModalRows + averageRows

    /// The published accuracy of a method on a data set, where there is one for the model's backbone.
    static func find(_ method: String, _ dataset: String, model: String, shots: Shots) -> Number? {
        guard let column = BenchmarkOrder.column(of: dataset) else { return nil }
        return rows(of: method, model, shots).first { !$0.values.isEmpty }.map {
            Number(value: $0.values[column], source: $0.source)
        }
    }

    /// The published average, where `datasets` are just the eleven benchmarks.
    static func average(_ method: String, of datasets: [String], model: String, shots: Shots) -> Number? {
        let columns = datasets.map(BenchmarkOrder.column)
        guard columns.count == Benchmark.all.count, Set(columns) == Set((0 ..< columns.count).map { $0 })
        else { return nil }
        return rows(of: method, model, shots).first.map { Number(value: $0.average, source: $0.source) }
    }

    /// Sentences that name the sources of what a table quotes.
    static func notes(_ sources: [Source]) -> [String] {
        sources.unique.map { "Published: \($0.title)" + ($0.remark.isEmpty ? "." : " (\($0.remark)).") }
            + (sources.isEmpty ? ["No published number is known for these methods, data sets and backbone."] : [])
    }

    private static func rows(of method: String, _ model: String, _ shots: Shots) -> [Row] {
        guard let backbone = Backbone(model: model), case .count(let count) = shots else { return [] }
        return rows.filter { $0.method == method && $0.backbone == backbone && $0.shots == count }
    }

    /// Rows as `method shots values`, with a value a benchmark in CoOp's order.
    static func parse(_ table: String, backbone: Backbone, source: Source) -> [Row] {
        table.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let values = words.dropFirst(2).compactMap { Double($0) }
            guard words.count == Benchmark.all.count + 2, values.count == words.count - 2,
                let shots = Int(words[1])
            else { preconditionFailure("a published row that is none: \(line)") }
            return Row(
                method: String(words[0]), backbone: backbone, shots: shots, values: values,
                average: values.reduce(0, +) / Double(values.count), source: source)
        }
    }
}
