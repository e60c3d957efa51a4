internal import Adapter
internal import Studies

/// Published accuracies by method, data set, backbone, and shots.
enum PublishedNumbers {
    /// A published accuracy in percent.
    struct Number: Sendable, Equatable {
        let value: Double
        let source: Source
    }

    /// The source of published numbers.
    struct Source: Sendable, Hashable {
        let title: String
        /// A remark on the origin of the numbers; may be empty.
        let remark: String
    }

    /// A row of a published table.
    struct Row: Sendable {
        let method: String
        let backbone: Backbone
        let shots: Int
        /// One value per benchmark, in CoOp's order; empty if only the average is known.
        let values: [Double]
        /// The average over the eleven benchmarks, computed from the row or published.
        let average: Double
        let source: Source
    }

    static let rows: [Row] = tipAdapterRows + apeRows + gdaRows + taskResRows + timoRows + crossModalRows + averageRows

    /// Finds the published accuracy of a method on a data set for the model's backbone.
    static func find(_ method: String, _ dataset: String, model: String, shots: Shots) -> Number? {
        guard let column = BenchmarkOrder.column(of: dataset) else { return nil }
        return rows(of: method, model, shots).first { !$0.values.isEmpty }.map {
            Number(value: $0.values[column], source: $0.source)
        }
    }

    /// Finds the published average of a method if `datasets` are exactly the eleven benchmarks.
    static func average(_ method: String, of datasets: [String], model: String, shots: Shots) -> Number? {
        let columns = datasets.map(BenchmarkOrder.column)
        guard columns.count == Benchmark.all.count, Set(columns) == Set((0 ..< columns.count).map { $0 })
        else { return nil }
        return rows(of: method, model, shots).first.map { Number(value: $0.average, source: $0.source) }
    }

    /// Returns citations for the numbers quoted in a table.
    static func notes(_ sources: [Source]) -> [String] {
        sources.unique.map { "Published: \($0.title)" + ($0.remark.isEmpty ? "." : " (\($0.remark)).") }
            + (sources.isEmpty ? ["No published number is known for these methods, data sets and backbone."] : [])
    }

    private static func rows(of method: String, _ model: String, _ shots: Shots) -> [Row] {
        guard let backbone = Backbone(model: model), case .count(let count) = shots else { return [] }
        return rows.filter { $0.method == method && $0.backbone == backbone && $0.shots == count }
    }

    /// Parses rows of the form `method shots values`, with one value per benchmark in CoOp's order.
    static func parse(_ table: String, backbone: Backbone, source: Source) -> [Row] {
        table.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let values = words.dropFirst(2).compactMap { Double($0) }
            guard words.count == Benchmark.all.count + 2, values.count == words.count - 2,
                let shots = Int(words[1])
            else { preconditionFailure("an invalid row of published numbers: \(line)") }
            return Row(
                method: String(words[0]), backbone: backbone, shots: shots, values: values,
                average: values.reduce(0, +) / Double(values.count), source: source)
        }
    }
}
