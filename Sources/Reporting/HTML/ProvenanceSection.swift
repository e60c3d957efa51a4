internal import Adapter
internal import Core
internal import Studies

/// Where the numbers come from.
struct ProvenanceSection {
    /// The runs whose folders are there, with what those tell.
    let known: [(run: ReportedRun, details: RunRecord)]
    let missing: Int
    let notes: [String]
    let groups: [ResultGroup]

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
                <li>Left out: the folders of \(counted(missing, "run")) are not beside the results, so their settings, inputs, \
                losses and classes are not shown.</li>

                """)
        }
        items += known.map(\.details.arithmetic).unique.sorted().map { "<li>Arithmetic: \($0)</li>\n" }
        let views = known.compactMap { known in
            known.details.views.map {
                "views: \($0): \(known.run.line.method) on \(known.run.line.dataset), \(known.run.line.protocol.caption)"
            }
        }
        for note in views.unique.sorted() {
            items.append("<li>\(note) (\(counted(views.count { $0 == note }, "run")))</li>\n")
        }
        let said = known.flatMap { known in known.details.notes.map { "\(known.run.line.dataset): \($0)" } }
        items += said.unique.sorted().map { "<li>\($0)</li>\n" }
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

    /// A training a group and feature folder, then this report.
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

    /// What the runs were given besides, where all of them were given it.
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
        // The published protocol searches the grid by itself.
        let searching = known.map(\.details.identity.settings).filter { $0["settings.search_step"] != nil }
        switch Set(searching.compactMap { $0["search"] }) {
        case ["grid"] where selection != .paper: words.append("--grid")
        case ["none"] where selection != .fixed: words.append("--no-search")
        default: break
        }
        return words + Self.settings(known).flatMap { ["--set", shellWord($0)] }
    }

    /// The settings that all runs of a method have, and that are not its defaults.
    ///
    /// A setting that goes with the shots comes from the method itself.
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
    func contains(_ run: ReportedRun) -> Bool {
        (run.line.protocol, run.line.model, run.line.classes) == (selection, model, classes)
    }
}
