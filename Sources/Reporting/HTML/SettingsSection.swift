internal import Adapter
internal import Studies

extension ResultGroup {
    /// Returns a table of settings per method, from the records of the group's runs.
    func settingsSection(_ known: [RecordedRun], id: String) -> HTML {
        let runs = methods.map { method in known.filter { $0.line.method == method } }.filter { !$0.isEmpty }
        guard !runs.isEmpty else { return "" }
        return """
            <details class="section"><summary>Settings of \(counted(runs.count, "method"))</summary>
            \(runs.enumerated().map { settingsTable($1, id: "\(id)-s\($0)") })</details>

            """
    }

    private func settingsTable(_ runs: [RecordedRun], id: String) -> HTML {
        let method = runs[0].line.method
        let defaults = MethodDescription.all.first { $0.name == method }?.settings ?? [:]
        // A method's own settings come first.
        let names = Set(runs.flatMap(\.settings.keys)).subtracting(["method", "protocol", "seed", "shots"])
            .sorted { ($0.hasPrefix("settings.") ? 0 : 1, $0) < ($1.hasPrefix("settings.") ? 0 : 1, $1) }
        let rows: [HTML] = names.map { name in
            let own = name.hasPrefix("settings.") ? String(name.dropFirst(9)) : nil
            let standard = own.flatMap { defaults[$0]?.description }
            let used = runs.map { $0.settings[name] ?? "none" }
            let differs = standard.map { used.unique != [$0] } ?? false
            let shown = used.unique.count == 1 ? used[0] : tally(used).joined(separator: ", ")
            return """
                <tr><th scope="row">\(own ?? name)</th>\
                <td class="text">\(standard ?? "-")</td><td class="text\(differs ? " differs" : "")">\(shown)\
                \(differs ? " <b>not the default</b>" : "" as HTML)</td>\
                <td class="text">\(own.map { Self.chosen($0, runs.map(\.line)) } ?? "-")</td></tr>

                """
        }
        return TableMarkup(
            caption: """
                Settings of \(MethodOrder.title(of: method)), \(counted(runs.count, "run")), \
                \(model ?? "model not recorded"), \(runs.map(\.line).protocolCaption). A setting that was chosen on \
                validation replaces the given one.
                """,
            heads: [("setting", true), ("default", true), ("given", true), ("chosen", true)], rows: rows, kind: "plain"
        ).html(id: id)
    }

    /// The values of a setting that were chosen by the runs, such as `0.5 to 6.97`; `-` if it was not chosen.
    private static func chosen(_ name: String, _ lines: [ResultLine]) -> String {
        let values = lines.compactMap { line -> Double? in
            guard line.protocol != .fixed else { return nil }
            return switch name {
            case "alpha": line.alpha.map(Double.init)
            case "beta": line.beta.map(Double.init)
            default: line.chosen?[name].flatMap { Double($0.description) }
            }
        }
        guard let low = values.min(), let high = values.max() else { return "-" }
        return low == high ? decimal(low, 3) : "\(decimal(low, 3)) to \(decimal(high, 3))"
    }
}
