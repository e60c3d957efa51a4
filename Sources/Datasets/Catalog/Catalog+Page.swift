/// The catalog in Markdown, for DATASET.md and the terminal.
extension Catalog {
    /// The section of DATASET.md between its two catalog marks: a table, then one section per data set.
    public static var page: String {
        let rows = entries.map { entry in
            "| [`\(entry.name)`](#\(anchor(entry.title))) | \(entry.title) | \(entry.classCount) "
                + "| \(entry.counts.train) | \(entry.counts.val) | \(entry.counts.test) "
                + "| \(entry.splitFile == nil ? "" : "yes") |"
        }
        return """
            | name | title | classes | train | val | test | published split |
            |---|---|---:|---:|---:|---:|---|
            \(rows.joined(separator: "\n"))

            Classifiers trained on ImageNet are tested on \(crossDatasetTargets.joined(separator: ", ")) \
            (cross-data-set protocol) and on \(shiftTargets.joined(separator: ", ")) (domain-shift protocol).


            """ + entries.map(\.page).joined(separator: "\n")
    }

    /// The anchor that GitHub gives a heading.
    private static func anchor(_ title: String) -> String {
        title.lowercased().replacing(" ", with: "-")
    }
}

extension DatasetEntry {
    /// The whole entry in Markdown.
    public var page: String {
        var lines = ["### \(title)", "", summary, ""]
        lines += [
            "| | |", "|---|---|",
            "| name | `\(name)` |",
            "| classes | \(classCount) |",
            "| items | \(counts.train) train, \(counts.val) val, \(counts.test) test |",
            "| images per class | \(imagesPerClass) |",
            "| license | \(license) |",
            "| home page | <\(homePage)> |",
        ]
        if let shiftOf { lines.append("| labels | those of `\(shiftOf)`; for testing only |") }
        lines += ["", "```", tree, "```", "", "Downloads:", ""]
        lines += downloads.map { download in
            "- \(download.what): <\(download.address)>\(download.note.isEmpty ? "" : " (\(download.note))")"
        }
        lines += ["", "Class name: \(classNaming).", ""]
        if !namesakes.isEmpty {
            let names = namesakes.sorted().map { "'\($0)'" }.joined(separator: ", ")
            lines += ["Names shared by two classes: \(names).", ""]
        }
        lines += ["Templates: \(templates.map(\.line).joined(separator: "; ")).", "", "Known problems:", ""]
        lines += pitfalls.map { "- \($0)" }
        for (found, expected) in renamedFolders.sorted(by: { $0.key < $1.key }) {
            lines.append("- Rename the folder `\(found)` to `\(expected)`.")
        }
        lines += ["", "```sh", "fewshot-split build \(name) --root DATA -o \(name).split.json"]
        lines += ["fewshot-split check \(name).split.json --root DATA", "```", ""]
        return lines.joined(separator: "\n")
    }
}

extension TemplateSet {
    /// The set's name and its only template, or the number of templates.
    fileprivate var line: String {
        templates.count == 1 ? "`\(name)` `\(templates[0])`" : "`\(name)` (\(templates.count) templates)"
    }
}
