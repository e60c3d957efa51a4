internal import Adapter
internal import Studies

/// The section on the settings of each method in a group.
struct SettingsSection {
    let group: ResultGroup
    /// The settings of the runs' identities, by method.
    let settings: [(method: String, runs: [[String: String]])]

    /// Returns the section.
    func html(id: String) -> HTML {
        let tables: [HTML] = settings.enumerated().map { index, entry in
            table(entry.method, entry.runs, id: "\(id)-s\(index)")
        }
        guard !tables.isEmpty else { return "" }
        return """
            <details class="section"><summary>Settings of \(counted(tables.count, "method"))</summary>
            \(tables)</details>

            """
    }

    private func table(_ method: String, _ runs: [[String: String]], id: String) -> HTML {
        let defaults = MethodDescription.all.first { $0.name == method }?.settings ?? [:]
        let names = runs.flatMap { $0.keys }.unique.sorted { Self.order($0) < Self.order($1) }
        let rows: [HTML] = names.filter { !["method", "protocol", "seed", "shots"].contains($0) }.map { name in
            let used = runs.map { $0[name] ?? "none" }
            let values = used.unique.sorted()
            let standard = name.hasPrefix("settings.") ? defaults[String(name.dropFirst(9))]?.description : nil
            let differs = standard.map { values != [$0] } ?? false
            let shown = values.map { value in
                values.count == 1 ? value : "\(value) (\(counted(used.count { $0 == value }, "run")))"
            }.joined(separator: ", ")
            return """
                <tr><th scope="row">\(name.hasPrefix("settings.") ? String(name.dropFirst(9)) : name)</th>\
                <td class="text">\(standard ?? "-")</td><td class="text\(differs ? " differs" : "")">\(shown)\
                \(differs ? " <b>not the default</b>" : "" as HTML)</td></tr>

                """
        }
        return TableMarkup(
            caption:
                """
                Settings of \(method), \(counted(runs.count, "run")), \(group.model ?? "model not recorded"), \
                \(group.selection.caption).
                """,
            heads: [("setting", true), ("default", true), ("used", true)], rows: rows, kind: "plain"
        ).html(id: id)
    }

    /// Returns the sort key of a setting; a method's own settings come first.
    private static func order(_ name: String) -> String { (name.hasPrefix("settings.") ? "0" : "1") + name }
}
