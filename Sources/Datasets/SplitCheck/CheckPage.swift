internal import Core

extension CheckReport {
    /// The report as text, with the verdict first and long lists truncated.
    ///
    /// Commands in it use `base` as the data root.
    public func page(base: String) -> String {
        var page = CheckPage(lines: ["\(verdict.rawValue): \(headline)", ""])
        page.addCounts(self)
        page.addPlaces(self, base: base)
        page.addFiles(self)
        page.addRepeats(self)
        page.addRest(self)
        return page.text
    }

    private var headline: String {
        let name = "\(split) (\(dataset), \(classes.count) \(classes.count == 1 ? "class" : "classes"))"
        return verdict == .fine ? "no problems in \(name)" : "\(reasons) in \(name)"
    }
}

/// The sections of a page, separated by empty lines.
struct CheckPage {
    /// The width of a line in characters.
    private static let width = 100
    /// The maximum number of lines of a list; the others are counted.
    private static let listLimit = 10

    private(set) var lines: [String]

    init(lines: [String]) { self.lines = lines }

    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Adds a heading with lines below it, if there are any.
    mutating func section(_ heading: String, _ rows: [String], limit: Int = listLimit) {
        guard !rows.isEmpty else { return }
        if lines.last != "" { lines.append("") }
        lines.append(heading)
        // A single line more takes no more space than a count of it.
        let shown = rows.count <= limit + 1 ? rows.count : limit
        lines += rows.prefix(shown).map { "  \($0)" }
        if shown < rows.count { lines.append("  and \(grouped(rows.count - shown)) more; --json lists all") }
    }

    /// Arranges short entries in columns.
    static func columns(_ entries: [String], limit: Int = 120) -> [String] {
        let shown = entries.count <= limit + 1 ? entries.count : limit
        let column = (entries.prefix(shown).map(\.count).max() ?? 0) + 3
        let perLine = max(1, (width - 2 + 3) / column)
        var rows = stride(from: 0, to: shown, by: perLine).map { start in
            let row = entries[start ..< min(start + perLine, shown)]
            let padded = row.dropLast().map { $0 + String(repeating: " ", count: column - $0.count) }
            return padded.joined() + (row.last ?? "")
        }
        if shown < entries.count { rows.append("and \(grouped(entries.count - shown)) more; --json lists all") }
        return rows
    }

    static func item(_ item: CheckReport.Item) -> String { "\(item.part.rawValue) \(item.path)" }
}

extension CheckPage {
    mutating func addCounts(_ report: CheckReport) {
        let table =
            [["subset", "items", "classes", "items per class"]]
            + report.subsets.map { size in
                let range =
                    size.fewest == size.most ? grouped(size.most) : "\(grouped(size.fewest)) to \(grouped(size.most))"
                return [size.part.rawValue, grouped(size.items), grouped(size.classes), size.items == 0 ? "" : range]
            }
        for row in table {
            let cells = zip(row, [6, 9, 9, 0]).map { text, width in
                width == 6
                    ? text + String(repeating: " ", count: max(0, width - text.count))
                    : String(repeating: " ", count: max(0, width - text.count)) + text
            }
            lines.append("  " + cells.dropLast().joined() + (row[3].isEmpty ? "" : "  \(row[3])"))
        }
        switch report.comparedWith.first {
        case .catalog where report.countDifferences.isEmpty: lines.append("  as many as published")
        case .classesOfCatalog where report.countDifferences.isEmpty:
            lines.append("  a selection of a published split's classes, with no more items")
        case .sample where report.countDifferences.isEmpty: lines.append("  as many as the number of shots requires")
        case .none: lines.append("  not compared: '\(report.dataset)' is not in the catalog")
        default: break
        }
        section(
            "Counts that differ:",
            report.countDifferences.map { "\($0.what): \(grouped($0.found)), expected \(grouped($0.expected))" })
        for subset in [Subset.train, .test] {
            let names = report.emptyClasses.filter { $0.part == subset }.map(\.name)
            section("Classes without items in \(subset.rawValue): \(names.count)", Self.columns(names))
        }
    }

    mutating func addPlaces(_ report: CheckReport, base: String) {
        section(
            "The images are below another folder. Use:",
            report.otherRoots.map { "--root \(shellWord($0))" })
        section(
            "A folder has another name than in the split. Rename it or link it:",
            report.renames.flatMap { rename in
                let found = "\(base)/\(rename.found)"
                let expected = "\(base)/\(rename.expected)"
                let link =
                    "ln -s \(shellWord(rename.found == "." ? "." : lastComponent(of: found))) \(shellWord(expected))"
                return rename.found == "." ? [link] : ["mv \(shellWord(found)) \(shellWord(expected))", "or: \(link)"]
            })
        let folders = report.missing.folders
        if folders.map(\.folder) == ["."] {
            section("Missing: the image folder, and therefore all \(grouped(folders[0].count)) items", [report.root])
        } else {
            let count = folders.reduce(0) { $0 + $1.count }
            section(
                "Missing: \(folders.count) \(folders.count == 1 ? "folder" : "folders") with \(grouped(count)) items, "
                    + "below \(report.root)",
                Self.columns(folders.map { "\($0.folder): \(grouped($0.count))" }), limit: 40)
        }
        section("Missing: \(grouped(report.missing.files.count)) single files", report.missing.files.map(Self.item))
    }

    mutating func addFiles(_ report: CheckReport) {
        func lines(_ items: [CheckReport.FaultyItem]) -> [String] {
            items.map { "\($0.part.rawValue) \($0.path): \($0.found)" }
        }
        section("Files that are not images: \(grouped(report.unreadable.count))", lines(report.unreadable))
        section("Damaged images: \(grouped(report.damaged.count))", lines(report.damaged))
        section("Images in unsupported formats: \(grouped(report.unsupported.count))", lines(report.unsupported))
        section("Images that decode with a warning: \(grouped(report.flawed.count))", lines(report.flawed))
        section(
            "Images in another format than their suffix: \(grouped(report.otherFormats.count))",
            lines(report.otherFormats))
        section(
            "In archives:",
            report.archives.map { "\($0.folder): \(grouped($0.count)) \($0.count == 1 ? "item" : "items")" })
    }

    mutating func addRepeats(_ report: CheckReport) {
        func same(_ repeats: [CheckReport.Repeat]) -> [String] {
            repeats.map { one in
                let subsets = one.items.map(\.part.rawValue).joined(separator: ", ")
                return "\(one.items.first?.path ?? ""): \(subsets)"
            }
        }
        func alike(_ repeats: [CheckReport.Repeat]) -> [String] {
            repeats.map { one in
                let classes = Set(one.items.map(\.className)).count
                let rest = one.items.count > 4 ? " = \(grouped(one.items.count - 4)) more" : ""
                return one.items.prefix(4).map(Self.item).joined(separator: " = ") + rest
                    + (classes > 1 ? "  (\(classes) classes)" : "")
            }
        }
        section(
            "Paths with more than one class: \(grouped(report.contradictions.count))",
            report.contradictions.map { one in
                let classes = one.items.map { "\($0.part.rawValue) '\($0.className)'" }.joined(separator: ", ")
                return "\(one.items.first?.path ?? ""): \(classes)"
            })
        let paths = Dictionary(grouping: report.repeatedPaths, by: \.isInTrainAndTest)
        let images = Dictionary(grouping: report.repeatedImages, by: \.isInTrainAndTest)
        section("Paths in both train and test: \(grouped(paths[true]?.count ?? 0))", same(paths[true] ?? []))
        let published = report.isPublished ? ", as published" : ""
        section(
            "Images in both train and test: \(grouped(images[true]?.count ?? 0))\(published)", alike(images[true] ?? [])
        )
        section("Repeated paths: \(grouped(paths[false]?.count ?? 0))", same(paths[false] ?? []))
        section("Repeated images: \(grouped(images[false]?.count ?? 0))", alike(images[false] ?? []))
        section(
            "Items in another class's folder: \(grouped(report.misplaced.count))",
            report.misplaced.map { "\(Self.item($0)): labeled '\($0.className)'" })
    }

    mutating func addRest(_ report: CheckReport) {
        let unlisted = report.unlisted.reduce(0) { $0 + $1.count }
        section(
            "Files outside the split: \(grouped(unlisted)), below \(report.root)",
            Self.columns(report.unlisted.map { "\($0.folder): \(grouped($0.count))" }, limit: 40))
        section("Prompts that do not match the classes:", report.prompts)
        section(
            "Classes with fewer than \(CheckReport.commonShots) train items: \(report.smallClasses.count)",
            Self.columns(report.smallClasses.map { "\($0.name): \($0.items)" }, limit: 24))
        if lines.last != "" { lines.append("") }
        lines.append(Self.looked(report.looked))
        lines += report.notes.map { "note: \($0)" }
    }

    private static func looked(_ looked: CheckReport.LookedAt) -> String {
        let formats = looked.formats.keys.sorted().map { "\(grouped(looked.formats[$0] ?? 0)) \($0)" }
        let sound = looked.formats.values.reduce(0, +)
        let kinds = formats.isEmpty ? "" : ": \(formats.joined(separator: ", "))"
        let files = "\(grouped(looked.files)) \(looked.files == 1 ? "file" : "files") read\(kinds)"
        if looked.files == 0 { return "no files read" }
        if looked.decoded == 0 { return "\(files); headers only, --decode decodes the images" }
        let rest = sound - looked.decoded
        return "\(files); \(grouped(looked.decoded)) decoded completely"
            + (rest > 0 ? ", \(grouped(rest)) headers only" : "")
    }
}
