internal import Adapter
internal import Core
internal import Studies

/// The section on the origin of the numbers.
struct ProvenanceSection {
    /// The runs with existing folders, and their records.
    let known: [RecordedRun]
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
                <li>Left out: the folders of \(counted(missing, "run")) are not beside the results, so their settings, \
                inputs, losses and classes are not shown.</li>

                """)
        }
        items += known.map(\.record.arithmetic).unique.sorted().map { "<li>Arithmetic: \($0)</li>\n" }
        items += views.map { "<li>\($0)</li>\n" }
        let runNotes = known.flatMap { known in known.record.notes.map { "\(known.line.dataset): \($0)" } }
        items += runNotes.unique.sorted().map { "<li>\($0)</li>\n" }
        return items.isEmpty ? "" : "<ul>\n\(items)</ul>\n"
    }

    /// A line per protocol on the methods that had fewer stored views than epochs.
    private var views: [String] {
        let limited = known.filter { $0.record.views != nil }
        return limited.grouped(by: \.line.protocol).map { runs in
            let counts = runs.grouped { $0.record.views ?? "" }.map { same in
                "\(same[0].record.views ?? "") (\(MethodOrder.sorted(same.map(\.line.method)).joined(separator: ", ")))"
            }
            return
                "Fewer stored views than epochs, \(runs.map(\.line).protocolCaption): \(counts.joined(separator: "; "))"
        }
    }

    private var inputs: HTML {
        let all = known.flatMap { known in
            known.record.identity.inputs.map {
                [known.line.dataset, known.line.model ?? "", $0.role, $0.name, $0.digest.description]
            }
        }.unique
        guard !all.isEmpty else { return "" }
        let rows: [HTML] = all.map { input in
            """
            <tr><th scope="row">\(input[0])</th><td class="text">\(input[1])</td><td class="text">\(input[2])</td>\
            <td class="text">\(input[3])</td><td class="text"><details><summary><code>\(input[4].prefix(10))</code>\
            </summary><code>\(input[4])</code></details></td></tr>

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
            group.runs.map(\.line.folder).unique.map { command(group, features: $0) }
        } + ["fewshot-report html runs/results.jsonl -o report.html"]
    }

    private func command(_ group: ResultGroup, features: String) -> String {
        let lines = group.runs.map(\.line).filter { $0.folder == features }
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
        words += options(known.filter { $0.line.folder == features && group.contains($0.run) }, group.selection)
        return (words + ["-o", "runs"]).joined(separator: " ")
    }

    /// Returns the options that all runs have in common.
    private func options(_ known: [RecordedRun], _ selection: SelectionProtocol) -> [String] {
        var words: [String] = []
        func all(_ name: String) -> String? {
            let values = known.compactMap { $0.settings[name] }.unique
            return values.count == 1 ? values[0] : nil
        }
        if let scheme = all("scheme"), scheme != "coop" { words += ["--scheme", shellWord(scheme)] }
        if all("validation") == "whole", selection == .val { words += ["--val", "full"] }
        // The published protocol implies --grid.
        let searching = known.map(\.settings).filter { $0["settings.search_step"] != nil }
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
    private static func settings(_ known: [RecordedRun]) -> [String] {
        MethodDescription.all.flatMap { method in
            let runs = known.filter { $0.line.method == method.name }.map(\.settings)
            return method.settings.keys.sorted().compactMap { name -> String? in
                let values = runs.compactMap { $0["settings.\(name)"] }.unique
                guard values.count == 1, values[0] != method.settings[name]?.description else { return nil }
                return "\(method.name).\(name)=\(values[0])"
            }
        }
    }
}
