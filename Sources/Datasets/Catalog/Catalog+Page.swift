/// The catalog as text: the same words in DATASET.md and on a terminal.
extension Catalog {
    /// All data sets in Markdown, as the section of DATASET.md between its two marks.
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

            Trained on ImageNet, tested elsewhere: across data sets on \(crossDatasetTargets.joined(separator: ", ")); \
            across shifts on \(shiftTargets.joined(separator: ", ")).


            """ + entries.map(\.page).joined(separator: "\n")
    }

    /// The name that GitHub gives a heading.
    private static func anchor(_ title: String) -> String {
        title.lowercased().replacing(" ", with: "-")
    }
}

extension DatasetEntry {
    /// Everything about the data set, in Markdown.
    public var page: String {
        var lines = ["### \(title)", "", summary, ""]
        lines += [
            "| | |", "|---|---|",
            "| name | `\(name)` |",
            "| classes | \(classCount) |",
            "| items | \(counts.train) train, \(counts.val) val, \(counts.test) test |",
            "| a class has | \(imagesPerClass) |",
            "| licence | \(licence) |",
            "| home page | <\(homePage)> |",
        ]
        if let shiftOf { lines.append("| labels | those of `\(shiftOf)`; test only |") }
        lines += ["", "```", tree, "```", "", "Get:", ""]
        lines += downloads.map { download in
            "- \(download.what): <\(download.address)>\(download.note.isEmpty ? "" : " (\(download.note))")"
        }
        lines += ["", "Class names: \(classNaming).", ""]
        if !namesakes.isEmpty {
            let names = namesakes.sorted().map { "'\($0)'" }.joined(separator: ", ")
            lines += ["Names that two classes may share: \(names).", ""]
        }
        lines += ["Templates: \(templates.map(\.line).joined(separator: "; ")).", "", "What goes wrong:", ""]
        lines += pitfalls.map { "- \($0)" }
        for (found, expected) in renamedFolders.sorted(by: { $0.key < $1.key }) {
            lines.append("- `\(found)` is to be renamed to `\(expected)`.")
        }
        lines += ["", "```sh", "fewshot-split build \(name) --root DATA -o \(name).split.json"]
        lines += ["fewshot-split check \(name).split.json --root DATA", "```", ""]
        return lines.joined(separator: "\n")
    }
}

extension TemplateSet {
    /// The set in a few words: its one text, or how many there are.
    fileprivate var line: String {
        templates.count == 1 ? "`\(name)` `\(templates[0])`" : "`\(name)` (\(templates.count) texts)"
    }
}
