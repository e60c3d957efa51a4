internal import Adapter
internal import Core
internal import Studies

/// The section on the origin of the numbers.
struct ProvenanceSection {
    /// The runs with existing folders, and their records.
    let known: [(run: ReportedRun, details: RunRecord)]
    let missing: Int
    let notes: [String]
    let groups: [ResultGroup]

    /// Returns the section.
    func html() -> HTML {
        """
        <h2 id="provenance">Provenance</h2>
        \(remarks)\(inputs)
        <h3>The commands</h3>
        <p>They make the numbers again, from feature folders of these names with the inputs above.</p>
        <pre><code>\(commands.map { "\($0)\n" as HTML })</code></pre>

        """
    }

    private var remarks: HTML {
        var items: [HTML] = notes.map { "<li>\($0)</li>\n" }
        if missing > 0 {
            items.append(
                """
                <li>Left out: the folders of \(counted(missing, "run")) are not beside the results, so their settings, \
                inputs, \
                losses and classes are not shown.</li>

                """)
        }
        items += known.map(\.details.arithmetic).unique.sorted().map { "<li>Arithmetic: \($0)</li>\n" }
        let views = known.compactMap { run, details in
            details.views.map {
                "views: \($0): \(run.line.method) on \(run.line.dataset), \(run.line.protocol.caption)"
            }
        }
        for note in views.unique.sorted() {
            items.append("<li>\(note) (\(counted(views.count { $0 == note }, "run")))</li>\n")
        }
        let runNotes = known.flatMap { known in known.details.notes.map { "\(known.run.line.dataset): \($0)" } }
        items += runNotes.unique.sorted().map { "<li>\($0)</li>\n" }
        return items.isEmpty ? "" : "<ul>\n\(items)</ul>\n"
    }

    private var inputs: HTML {
        let all = known.flatMap { known in
            known.details.identity.inputs.map {
                [known.run.line.dataset, known.run.line.model ?? "", $0.role, $0.name, $0.digest.description]
            }
        }.unique
        guard !all.isEmpty else { return "" }
        let rows: [HTML] = all.map { input in
            """
            <tr><th scope="row">\(input[0])</th><td class="text">\(input[1])</td><td class="text">\(input[2])</td>\
            <td class="text">\(input[3])</td><td class="text">\(markup(input[4]))</td></tr>

            """
        }
        return TableMarkup(
            caption: "Every file that the runs have read, with the SHA-256 of its content.",
            heads: ["data set", "model", "role", "file", "SHA-256"].map { ("\($0)", true) }, rows: rows
        ).html(id: "inputs")
    }

    /// The commands: one training per group and feature folder, and this report.
    private var commands: [String] {
        groups.flatMap { group in
            group.runs.map(\.feature).unique.map { command(group, features: $0) }
        } + ["fewshot-report html runs/results.jsonl -o report.html"]
    }

    private func command(_ group: ResultGroup, features: String) -> String {
        let runs = group.runs.filter { $0.feature == features }
        let lines = runs.map(\.line)
        let shots = lines.map(\.shots).unique.filter { $0 != .count(0) }.sorted { $0.order < $1.order }
        let seeds = lines.filter { $0.shots != .count(0) }.map(\.seed).unique.sorted()
        var words = [
            "fewshot-train", "--features", shellWord(features), "--method",
            shellWord(lines.map(\.method).unique.joined(separator: ",")),
        ]
        if !shots.isEmpty { words += ["--shots", shots.map(\.description).joined(separator: ",")] }
        if !seeds.isEmpty { words += ["--seeds", seeds.map(\.description).joined(separator: ",")] }
        words += ["--protocol", group.selection.rawValue]
        if let classes = group.classes { words += ["--classes", shellWord(classes)] }
        let details = known.filter { $0.run.feature == features && group.contains($0.run) }
        words += options(details, group.selection)
        return (words + ["-o", "runs"]).joined(separator: " ")
    }

    /// Returns the options that all runs have in common.
    private func options(
        _ known: [(run: ReportedRun, details: RunRecord)], _ selection: SelectionProtocol
    ) -> [String] {
        var words: [String] = []
        func all(_ name: String) -> String? {
            let values = known.compactMap { $0.details.identity.settings[name] }.unique
            return values.count == 1 ? values[0] : nil
        }
        if let scheme = all("scheme"), scheme != "coop" { words += ["--scheme", shellWord(scheme)] }
        if all("validation") == "whole", selection == .val { words += ["--val", "full"] }
        // The published protocol implies --grid.
        let searching = known.map(\.details.identity.settings).filter { $0["settings.search_step"] != nil }
        switch Set(searching.compactMap { $0["search"] }) {
        case ["grid"] where selection != .paper: words.append("--grid")
        case ["none"] where selection != .fixed: words.append("--no-search")
        default: break
        }
        return words + Self.settings(known).flatMap { ["--set", shellWord($0)] }
    }

    /// Returns the settings that all runs of a method have in common and that are not its defaults.
    ///
    /// Settings that depend on the shots are determined by the method.
    private static func settings(_ known: [(run: ReportedRun, details: RunRecord)]) -> [String] {
        MethodDescription.all.flatMap { method in
            let runs = known.filter { $0.run.line.method == method.name }.map(\.details.identity.settings)
            return method.settings.keys.sorted().compactMap { name -> String? in
                let values = runs.compactMap { $0["settings.\(name)"] }.unique
                guard values.count == 1, values[0] != method.settings[name]?.description else { return nil }
                return "\(method.name).\(name)=\(values[0])"
            }
        }
    }
}

extension ResultGroup {
    /// Whether a run belongs to the group.
    func contains(_ run: ReportedRun) -> Bool {
        (run.line.protocol, run.line.model, run.line.classes) == (selection, model, classes)
    }
}
