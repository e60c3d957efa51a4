internal import Adapter
internal import Studies

/// Published accuracies by method, data set, backbone, and shots.
enum PublishedNumbers {
    /// A published accuracy in percent.
    struct Number: Sendable, Equatable {
        let value: Double
        let source: Source
    }

    struct Source: Sendable, Hashable {
        let title: String
        /// A remark on the origin of the numbers.
        let remark: String
    }

    private struct Row: Sendable {
        let method: String
        let backbone: Backbone
        let shots: Int
        /// One value per benchmark, in CoOp's order; empty if only the average was published.
        let values: [Double]
        /// The average over the eleven benchmarks.
        let average: Double
        let source: Source
    }

    private static let rows = parse(String(decoding: PackageResources.numbers_tsv, as: UTF8.self))

    /// Finds the published accuracy of a method on a data set for the model's backbone.
    static func find(_ method: String, _ dataset: String, model: String?, shots: Shots) -> Number? {
        guard let column = BenchmarkOrder.column(of: dataset) else { return nil }
        return rows(of: method, model, shots).first { !$0.values.isEmpty }.map {
            Number(value: $0.values[column], source: $0.source)
        }
    }

    /// Finds the published average of a method if `datasets` are exactly the eleven benchmarks.
    static func average(_ method: String, of datasets: [String], model: String?, shots: Shots) -> Number? {
        let columns = datasets.compactMap(BenchmarkOrder.column)
        guard datasets.count == Benchmark.all.count, Set(columns).count == datasets.count else { return nil }
        return rows(of: method, model, shots).first.map { Number(value: $0.average, source: $0.source) }
    }

    /// Returns citations for the numbers quoted in a table.
    static func notes(_ sources: [Source]) -> [String] {
        guard !sources.isEmpty else {
            return ["No published number is known for these methods, data sets and backbone."]
        }
        return sources.unique.map { "Published: \($0.title) (\($0.remark))." }
    }

    private static func rows(of method: String, _ model: String?, _ shots: Shots) -> [Row] {
        guard let model, let backbone = Backbone(model: model) else { return [] }
        return rows.filter { $0.method == method && $0.backbone == backbone && $0.shots == shots.number }
    }

    /// Parses the lines of `numbers.tsv`, whose comment describes them.
    private static func parse(_ text: String) -> [Row] {
        var source = Source(title: "", remark: "")
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let fields = line.split(separator: "\t").map(String.init)
            if fields[0] == "source" {
                source = Source(title: fields[1], remark: fields[2])
                return nil
            }
            let values = fields.dropFirst(3).compactMap { Double($0) }
            guard let backbone = Backbone(rawValue: fields[0]), let shots = Int(fields[2]),
                [1, Benchmark.all.count].contains(values.count), values.count == fields.count - 3
            else { preconditionFailure("an invalid row of published numbers: \(line)") }
            return Row(
                method: fields[1], backbone: backbone, shots: shots, values: values.count == 1 ? [] : values,
                average: values.reduce(0, +) / Double(values.count), source: source)
        }
    }
}

/// An image encoder of published tables, with OpenAI's weights.
enum Backbone: String, Sendable {
    case rn50 = "RN50"
    case rn101 = "RN101"
    case vitB16 = "ViT-B/16"
    case vitB32 = "ViT-B/32"

    /// Recognizes the encoder by a model's name; nil for other encoders and for weights trained on other data.
    init?(model: String) {
        let name = model.lowercased().filter { $0.isLetter || $0.isNumber }
        // ViT-B-16-plus-240 and similar models are other encoders.
        let others = [
            "laion", "datacomp", "dfn", "metaclip", "siglip", "yfcc", "cc12m", "commonpool", "eva", "rn50x", "plus",
        ]
        let spellings: KeyValuePairs<Backbone, [String]> = [
            .rn50: ["rn50", "resnet50"], .rn101: ["rn101", "resnet101"],
            .vitB16: ["vitb16", "vitbasepatch16"], .vitB32: ["vitb32", "vitbasepatch32"],
        ]
        guard !others.contains(where: name.contains),
            let found = spellings.first(where: { $0.value.contains(where: name.contains) })
        else { return nil }
        self = found.key
    }
}
