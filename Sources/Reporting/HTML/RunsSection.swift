internal import Core
internal import Studies

extension ResultGroup {
    /// Returns a table of all runs with their chosen settings.
    func runsSection(id: String) -> HTML {
        let rows: [HTML] = runs.map { run in
            let line = run.line
            let accuracies = [line.val_accuracy, line.test_accuracy, line.test_top5, line.test_mean_per_class]
            let numbers: [HTML] = accuracies.map { "<td>\($0.map { decimal($0, 2) } ?? "-")</td>" }
            return """
                <tr><th scope="row">\(MethodOrder.title(of: line.method))</th><td class="text">\(line.dataset)</td>\
                <td>\(line.shots.description)</td><td>\(line.seed.description)</td>\(numbers)\
                <td class="text wrap">\(Self.choice(line))</td>\
                <td class="text"><code>\(line.identity.description.prefix(10))</code></td></tr>

                """
        }
        let heads = [
            "method", "data set", "shots", "seed", "val", "test", "top-5", "mean per class", "chosen", "identity",
        ]
        let table = TableMarkup(
            caption: "Every run: \(model ?? "model not recorded"), accuracies in percent, \(protocolCaption).",
            heads: heads.map { ("\($0)", ["method", "data set", "chosen", "identity"].contains($0)) }, rows: rows)
        return """
            <details class="section"><summary>\(counted(runs.count, "run")), each with the chosen settings and epoch</summary>
            \(table.html(id: "\(id)-runs"))</details>

            """
    }

    /// The settings of a run that were chosen on validation, and its epoch.
    private static func choice(_ line: ResultLine) -> String {
        let cache = [("α", line.alpha), ("β", line.beta)].compactMap { name, value in
            value.map { "\(name) \(decimal(Double($0), 3))" }
        }
        let others = line.chosen?.isEmpty == false ? [chosen(line.chosen, separator: ", ")] : []
        let all = cache + (line.epoch.map { ["epoch \($0)"] } ?? []) + others
        return all.isEmpty ? "-" : all.joined(separator: ", ")
    }
}
