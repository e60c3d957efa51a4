internal import Core

extension CheckReport {
    /// The report as a page of text, the verdict first; lists are cut where the page would grow long.
    ///
    /// Commands in it name the data root as `base`.
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
        return verdict == .fine ? "nothing is wrong with \(name)" : "\(reasons) in \(name)"
    }
}

/// Sections of a page, with an empty line between them.
struct CheckPage {
    /// As wide as a terminal usually is.
    private static let width = 100
    /// A list shows so many lines; the rest is counted.
    private static let listLimit = 10

    private(set) var lines: [String]

    init(lines: [String]) { self.lines = lines }

    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Adds a heading with lines below it, if there are any.
    mutating func section(_ heading: String, _ rows: [String], limit: Int = listLimit) {
        guard !rows.isEmpty else { return }
        if lines.last != "" { lines.append("") }
        lines.append(heading)
        // One line more is no longer than saying that there is one more.
        let shown = rows.count <= limit + 1 ? rows.count : limit
        lines += rows.prefix(shown).map { "  \($0)" }
        if shown < rows.count { lines.append("  and \(digits(rows.count - shown)) more; --json lists all") }
    }

    /// Puts short entries beside each other, as many as fit into a line.
    static func columns(_ entries: [String], limit: Int = 120) -> [String] {
        let shown = entries.count <= limit + 1 ? entries.count : limit
        let column = (entries.prefix(shown).map(\.count).max() ?? 0) + 3
        let perLine = max(1, (width - 2 + 3) / column)
        var rows = stride(from: 0, to: shown, by: perLine).map { start in
            let row = entries[start ..< min(start + perLine, shown)]
            let padded = row.dropLast().map { $0 + String(repeating: " ", count: column - $0.count) }
            return padded.joined() + (row.last ?? "")
        }
        if shown < entries.count { rows.append("and \(digits(entries.count - shown)) more; --json lists all") }
        return rows
    }

    static func item(_ item: CheckReport.Item) -> String { "\(item.part.rawValue) \(item.path)" }
}

extension CheckPage {
    mutating func addCounts(_ report: CheckReport) {
        let table =
            [["part", "items", "classes", "items a class"]]
            + report.parts.map { part in
                let range =
                    part.fewest == part.most ? digits(part.most) : "\(digits(part.fewest)) to \(digits(part.most))"
                return [part.part.rawValue, digits(part.items), digits(part.classes), part.items == 0 ? "" : range]
            }
        for row in table {
            let cells = zip(row, [5, 10, 9, 0]).map { text, width in
                width == 5
                    ? text + String(repeating: " ", count: max(0, width - text.count))
                    : String(repeating: " ", count: max(0, width - text.count)) + text
            }
            lines.append("  " + cells.dropLast().joined() + (row[3].isEmpty ? "" : "  \(row[3])"))
        }
        switch report.comparedWith.first {
        case .catalog where report.countDifferences.isEmpty: lines.append("  as many as published")
        case .classesOfCatalog where report.countDifferences.isEmpty:
            lines.append("  some classes of a published split, and no more than it has")
        case .sample where report.countDifferences.isEmpty: lines.append("  as many as such a draw should have")
        case .none: lines.append("  not compared: '\(report.dataset)' is not in the catalog")
        default: break
        }
        section(
            "Counts that differ:",
            report.countDifferences.map { "\($0.what): \(digits($0.found)), expected \(digits($0.expected))" })
        for part in [Subset.train, .test] {
            let names = report.emptyClasses.filter { $0.part == part }.map(\.name)
            section("Classes without items in \(part.rawValue): \(names.count)", Self.columns(names))
        }
    }

    mutating func addPlaces(_ report: CheckReport, base: String) {
        section(
            "The images are below another folder. This would find them:",
            report.otherRoots.map { "--root \(shellWord($0))" })
        section(
            "A folder has another name than the split's paths. Rename it, or link it:",
            report.renames.flatMap { rename in
                let (found, expected) = ("\(base)/\(rename.found)", "\(base)/\(rename.expected)")
                let link =
                    "ln -s \(shellWord(rename.found == "." ? "." : lastComponent(of: found))) \(shellWord(expected))"
                return rename.found == "." ? [link] : ["mv \(shellWord(found)) \(shellWord(expected))", "or: \(link)"]
            })
        let folders = report.missing.folders
        if folders.map(\.folder) == ["."] {
            section("Missing: the folder of the images, so all \(digits(folders[0].count)) items", [report.root])
        } else {
            let count = folders.reduce(0) { $0 + $1.count }
            section(
                "Missing: \(folders.count) \(folders.count == 1 ? "folder" : "folders") with \(digits(count)) items, "
                    + "below \(report.root)",
                Self.columns(folders.map { "\($0.folder): \(digits($0.count))" }), limit: 40)
        }
        section("Missing: \(digits(report.missing.files.count)) single files", report.missing.files.map(Self.item))
    }

    mutating func addFiles(_ report: CheckReport) {
        func lines(_ items: [CheckReport.FaultyItem]) -> [String] {
            items.map { "\($0.part.rawValue) \($0.path): \($0.found)" }
        }
        section("Files that are no images: \(digits(report.unreadable.count))", lines(report.unreadable))
        section("Damaged images: \(digits(report.damaged.count))", lines(report.damaged))
        section("Images of unsupported kinds: \(digits(report.unsupported.count))", lines(report.unsupported))
        section("Images that decode with a warning: \(digits(report.flawed.count))", lines(report.flawed))
        section(
            "Images of another format than their suffix: \(digits(report.otherFormats.count))",
            lines(report.otherFormats))
        section(
            "In archives:",
            report.archives.map { "\($0.folder): \(digits($0.count)) \($0.count == 1 ? "item" : "items")" })
    }

    mutating func addRepeats(_ report: CheckReport) {
        func same(_ repeats: [CheckReport.Repeat]) -> [String] {
            repeats.map { one in
                let parts = one.items.map(\.part.rawValue).joined(separator: ", ")
                return "\(one.items.first?.path ?? ""): \(parts)"
            }
        }
        func alike(_ repeats: [CheckReport.Repeat]) -> [String] {
            repeats.map { one in
                let classes = Set(one.items.map(\.className)).count
                let rest = one.items.count > 4 ? " = \(digits(one.items.count - 4)) more" : ""
                return one.items.prefix(4).map(Self.item).joined(separator: " = ") + rest
                    + (classes > 1 ? "  (\(classes) classes)" : "")
            }
        }
        section(
            "Paths with more than one class: \(digits(report.contradictions.count))",
            report.contradictions.map { one in
                "\(one.items.first?.path ?? ""): \(one.items.map { "\($0.part.rawValue) '\($0.className)'" }.joined(separator: ", "))"
            })
        let paths = Dictionary(grouping: report.repeatedPaths, by: \.isInTrainAndTest)
        let images = Dictionary(grouping: report.repeatedImages, by: \.isInTrainAndTest)
        section("Paths in both train and test: \(digits(paths[true]?.count ?? 0))", same(paths[true] ?? []))
        let published = report.isPublished ? ", as published" : ""
        section(
            "Images in both train and test: \(digits(images[true]?.count ?? 0))\(published)", alike(images[true] ?? []))
        section("Paths more than once: \(digits(paths[false]?.count ?? 0))", same(paths[false] ?? []))
        section("Images more than once: \(digits(images[false]?.count ?? 0))", alike(images[false] ?? []))
        section(
            "Items in another class's folder: \(digits(report.strangers.count))",
            report.strangers.map { "\(Self.item($0)): labelled '\($0.className)'" })
    }

    mutating func addRest(_ report: CheckReport) {
        let beyond = report.beyond.reduce(0) { $0 + $1.count }
        section(
            "Files that no part names: \(digits(beyond)), below \(report.root)",
            Self.columns(report.beyond.map { "\($0.folder): \(digits($0.count))" }, limit: 40))
        section("Prompts that do not fit:", report.prompts)
        section(
            "Classes with fewer than \(CheckReport.usualShots) items to train on: \(report.smallClasses.count)",
            Self.columns(report.smallClasses.map { "\($0.name): \($0.items)" }, limit: 24))
        if lines.last != "" { lines.append("") }
        lines.append(Self.looked(report.looked))
        lines += report.notes.map { "note: \($0)" }
    }

    private static func looked(_ looked: CheckReport.LookedAt) -> String {
        let formats = looked.formats.keys.sorted().map { "\(digits(looked.formats[$0] ?? 0)) \($0)" }
        let sound = looked.formats.values.reduce(0, +)
        let kinds = formats.isEmpty ? "" : ": \(formats.joined(separator: ", "))"
        let files = "\(digits(looked.files)) \(looked.files == 1 ? "file" : "files") looked at\(kinds)"
        if looked.files == 0 { return "no file looked at" }
        if looked.decoded == 0 { return "\(files); by their first bytes only, --decode decodes them" }
        let rest = sound - looked.decoded
        return "\(files); \(digits(looked.decoded)) decoded as a whole"
            + (rest > 0 ? ", \(digits(rest)) of other formats by their first bytes only" : "")
    }
}
