internal import Core
internal import Studies

extension ResultGroup {
    /// Returns a table of all runs with their chosen settings.
    func runsSection(id: String) -> HTML {
        let rows: [HTML] = runs.map { run in
            let line = run.line
            let accuracies = [line.val_accuracy, line.test_accuracy, line.test_top5, line.test_mean_per_class]
            let numbers: [HTML] = accuracies.map { "<td>\($0.map { decimal($0, 2) } ?? "-")</td>" }
            let cache: [HTML] = [line.alpha, line.beta].map { "<td>\($0.map { decimal(Double($0), 3) } ?? "-")</td>" }
            return """
                <tr><th scope="row">\(line.dataset)</th><td class="text">\(MethodOrder.title(of: line.method))</td>\
                <td>\(line.shots.description)</td><td>\(line.seed.description)</td>\(numbers)\(cache)\
                <td>\(line.epoch.map { "\($0)" } ?? "-")</td>\
                <td class="text">\(chosen(line.chosen, separator: ", "))</td>\
                <td class="text"><code>\(line.identity.description.prefix(10))</code></td></tr>

                """
        }
        let heads = [
            "data set", "method", "shots", "seed", "val", "test", "top-5", "mean per class", "α", "β", "epoch",
            "also chosen", "identity",
        ]
        let table = TableMarkup(
            caption: "Every run: \(model ?? "model not recorded"), accuracies in percent, \(protocolCaption).",
            heads: heads.map { ("\($0)", ["data set", "method", "also chosen", "identity"].contains($0)) }, rows: rows)
        return """
            <details class="section"><summary>\(counted(runs.count, "run")), each with α, β and epoch</summary>
            \(table.html(id: "\(id)-runs"))</details>

            """
    }
}
