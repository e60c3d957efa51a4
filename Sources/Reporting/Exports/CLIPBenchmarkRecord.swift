public import Core
internal import Studies

/// A result in the format of CLIP_benchmark, whose `build` joins such files into one table.
///
/// The additional fields become columns of the table.
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
        // CLIP_benchmark names OpenAI's models by architecture and origin.
        let backbone = line.model.flatMap { Backbone(model: $0) }
        let isOpenAI = line.model?.lowercased().contains("openai") == true
        if let backbone, isOpenAI {
            model = backbone.rawValue.replacing("/", with: "-")
            pretrained = "openai"
        } else {
            model = line.model ?? "unknown"
            pretrained = ""
        }
        task = line.method == "zero-shot" ? "zeroshot_classification" : "fewshot_classification"
        // CLIP_benchmark stores fractions instead of percentages.
        metrics = [
            "acc1": line.test_accuracy, "acc5": line.test_top5, "mean_per_class_recall": line.test_mean_per_class,
        ].compactMapValues { $0.map { $0 / 100 } }
        method = line.method
        shots = line.shots.description
        seed = "\(line.seed)"
        `protocol` = line.protocol.rawValue
        note = line.note
        trained_on = line.dataset + (line.classes.map { " (\($0))" } ?? "")
    }
}

extension ResultSet {
    /// Writes one file per result with a test accuracy to `folder` and returns their number.
    public func writeCLIPBenchmark(to folder: String, replacing: Bool) throws(Fault) -> Int {
        try requireUniqueNames()
        let tested = runs.filter { $0.line.test_accuracy != nil }
        for run in tested {
            let name = "\(run.line.run)\(run.task.isEmpty ? "" : ".\(run.task)")"
                .map { $0 == "/" || $0 == " " || $0 == "\0" ? "_" : $0 }
            try ReportFile.publish(
                JSONDocument.page(CLIPBenchmarkRecord(run.line)), to: folder.appending(path: "\(String(name)).json"),
                replacing: replacing)
        }
        return tested.count
    }
}
