public import Core
internal import Studies

/// A result in the shape of CLIP_benchmark's files, whose `build` joins them to one table.
///
/// What that shape has no place for stands beside it, and becomes columns of the table.
private struct CLIPBenchmarkRecord: Encodable {
    let dataset: String
    let model: String
    let pretrained: String
    let task: String
    let metrics: [String: Double]
    let language = "en"
    let method: String
    let shots: String
    let seed: String
    let `protocol`: String
    let trained_on: String
    let note: String?

    init(_ line: ResultLine) {
        dataset = line.evaluation?.dataset ?? line.dataset
        // CLIP_benchmark calls OpenAI's models by architecture and origin.
        let backbone = line.model.flatMap { Backbone(model: $0) }
        let isOpenAI = line.model?.lowercased().contains("openai") == true
        if let backbone, isOpenAI {
            (model, pretrained) = (backbone.rawValue.replacing("/", with: "-"), "openai")
        } else {
            (model, pretrained) = (line.model ?? "unknown", "")
        }
        task = line.method == "zero-shot" ? "zeroshot_classification" : "fewshot_classification"
        // Fractions, under the names of its own metrics.
        metrics = [
            ("acc1", line.test_accuracy), ("acc5", line.test_top5), ("mean_per_class_recall", line.test_mean_per_class),
        ].reduce(into: [:]) { metrics, entry in
            if let value = entry.1 { metrics[entry.0] = value / 100 }
        }
        (method, shots, seed) = (line.method, line.shots.description, "\(line.seed)")
        (`protocol`, note) = (line.protocol.rawValue, line.protocol == .paper ? "selected on test" : nil)
        trained_on = line.dataset + (line.classes.map { " (\($0))" } ?? "")
    }
}

extension ResultSet {
    /// Writes a file for each result with a test accuracy into `folder`.
    ///
    /// - Returns: how many.
    public func writeCLIPBenchmark(to folder: String, replacing: Bool) throws(Fault) -> Int {
        try requireOwnNames()
        let tested = runs.filter { $0.line.test_accuracy != nil }
        for run in tested {
            let name = "\(run.line.run)\(run.task.isEmpty ? "" : ".\(run.task)")"
                .map { $0 == "/" || $0 == " " || $0 == "\0" ? "_" : $0 }
            try ReportFile.publish(
                JSONDocument.page(CLIPBenchmarkRecord(run.line)), to: "\(folder)/\(String(name)).json",
                replacing: replacing)
        }
        return tested.count
    }
}
