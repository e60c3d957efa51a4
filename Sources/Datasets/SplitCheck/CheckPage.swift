internal import Catalog
internal import Core
internal import SplitImport

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
        let (shown, rest) = Self.cut(rows, to: limit)
        lines += (shown + rest).map { "  \($0)" }
    }

    /// Arranges short entries in columns.
    static func columns(_ entries: [String], limit: Int = 120) -> [String] {
        let (shown, rest) = cut(entries, to: limit)
        let column = (shown.map(\.count).max() ?? 0) + 3
        let perLine = max(1, (width - 2 + 3) / column)
        let rows = stride(from: 0, to: shown.count, by: perLine).map { start in
            let row = shown[start ..< min(start + perLine, shown.count)]
            return row.dropLast().map { $0.padded(to: column) }.joined() + (row.last ?? "")
        }
        return rows + rest
    }

    /// Returns the first `limit` rows and a line that counts the others.
    private static func cut(_ rows: [String], to limit: Int) -> (shown: [String], rest: [String]) {
        // A single row more takes no more space than a count of it.
        guard rows.count > limit + 1 else { return (rows, []) }
        return (Array(rows.prefix(limit)), ["and \(grouped(rows.count - limit)) more; --json lists all"])
    }
}

extension CheckPage {
    mutating func addCounts(_ report: CheckReport) {
        func row(_ subset: String, _ items: String, _ classes: String, _ range: String) -> String {
            let numbers = [items, classes].map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }.joined()
            return "  \(subset.padded(to: 6))\(numbers)\(range.isEmpty ? "" : "  \(range)")"
        }
        lines.append(row("subset", "items", "classes", "items per class"))
        lines += report.subsets.map { size in
            let least = size.fewest == size.most ? "" : "\(grouped(size.fewest)) to "
            let range = size.items == 0 ? "" : least + grouped(size.most)
            return row(size.subset.rawValue, grouped(size.items), grouped(size.classes), range)
        }
        switch report.comparedWith.first {
        case .none: lines.append("  not compared: '\(report.dataset)' is not in the catalog")
        case _ where !report.countDifferences.isEmpty: break
        case .catalog: lines.append("  as many as published")
        case .classesOfCatalog: lines.append("  a selection of a published split's classes, with no more items")
        case .sample: lines.append("  as many as the number of shots requires")
        }
        section(
            "Counts that differ:",
            report.countDifferences.map { "\($0.what): \(grouped($0.found)), expected \(grouped($0.expected))" })
        for subset in [Subset.train, .test] {
            let names = report.emptyClasses.filter { $0.subset == subset }.map(\.name)
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
                let found = base.appending(path: rename.found)
                let expected = shellWord(base.appending(path: rename.expected))
                if rename.found == "." { return ["ln -s . \(expected)"] }
                return [
                    "mv \(shellWord(found)) \(expected)",
                    "or: ln -s \(shellWord(lastComponent(of: found))) \(expected)",
                ]
            })
        section(
            "The images are in the folders of an archive. Link them:",
            LayoutSearch.commands(
                for: report.links.map { LayoutSearch.Link(expected: $0.expected, found: $0.found) }, in: base))
        let folders = report.missing.folders
        let count = folders.reduce(0) { $0 + $1.count }
        if folders.map(\.folder) == ["."] {
            section("Missing: the image folder, and therefore all \(grouped(count)) items", [report.root])
        } else {
            section(
                "Missing: \(folders.count) \(folders.count == 1 ? "folder" : "folders") with \(grouped(count)) items, "
                    + "below \(report.root)",
                Self.columns(folders.map(\.words)), limit: 40)
        }
        section("Missing: \(grouped(report.missing.files.count)) single files", report.missing.files.map(\.words))
    }

    mutating func addFiles(_ report: CheckReport) {
        for (heading, items) in [
            ("Files that are not images", report.unreadable), ("Damaged images", report.damaged),
            ("Images in unsupported formats", report.unsupported),
            ("Images that decode with a warning", report.flawed),
            ("Gray images of more than 8 bits, clipped to 255 (white) as in Pillow; scale them", report.clipped),
            ("Images in another format than their suffix", report.otherFormats),
        ] {
            section(
                "\(heading): \(grouped(items.count))", items.map { "\($0.subset.rawValue) \($0.path): \($0.found)" })
        }
        section("In archives:", report.archives.map { "\($0.words) \($0.count == 1 ? "item" : "items")" })
    }

    mutating func addRepeats(_ report: CheckReport) {
        func paths(_ repeats: [CheckReport.Repeat], _ words: (CheckReport.Item) -> String) -> [String] {
            repeats.map { "\($0.items.first?.path ?? ""): \($0.items.map(words).joined(separator: ", "))" }
        }
        func images(_ repeats: [CheckReport.Repeat]) -> [String] {
            repeats.map { one in
                let classes = Set(one.items.map(\.className)).count
                let rest = one.items.count > 4 ? " = \(grouped(one.items.count - 4)) more" : ""
                return one.items.prefix(4).map(\.words).joined(separator: " = ") + rest
                    + (classes > 1 ? "  (\(classes) classes)" : "")
            }
        }
        section(
            "Paths with more than one class: \(grouped(report.contradictions.count))",
            paths(report.contradictions) { "\($0.subset.rawValue) '\($0.className)'" })
        for isInBoth in [true, false] {
            let samePaths = report.repeatedPaths.filter { $0.isInTrainAndTest == isInBoth }
            let sameImages = report.repeatedImages.filter { $0.isInTrainAndTest == isInBoth }
            let published = isInBoth && report.isPublished ? ", as published" : ""
            section(
                "\(isInBoth ? "Paths in both train and test" : "Repeated paths"): \(grouped(samePaths.count))",
                paths(samePaths, \.subset.rawValue))
            section(
                "\(isInBoth ? "Images in both train and test" : "Repeated images"): \(grouped(sameImages.count))"
                    + published, images(sameImages))
        }
        section(
            "Items in another class's folder: \(grouped(report.misplaced.count))",
            report.misplaced.map { "\($0.words): labeled '\($0.className)'" })
    }

    mutating func addRest(_ report: CheckReport) {
        let unlisted = report.unlisted.reduce(0) { $0 + $1.count }
        section(
            "Files outside the split: \(grouped(unlisted)), below \(report.root)",
            Self.columns(report.unlisted.map(\.words), limit: 40))
        section("Prompts that do not match the classes:", report.prompts)
        section(
            "Classes with fewer than \(CheckReport.commonShots) train items: \(report.smallClasses.count)",
            Self.columns(report.smallClasses.map { "\($0.name): \($0.items)" }, limit: 24))
        if lines.last != "" { lines.append("") }
        lines.append(report.looked.words)
        lines += report.notes.map { "note: \($0)" }
    }
}

extension CheckReport.Item {
    fileprivate var words: String { "\(subset.rawValue) \(path)" }
}

extension CheckReport.FolderCount {
    fileprivate var words: String { "\(folder): \(grouped(count))" }
}

extension CheckReport.LookedAt {
    fileprivate var words: String {
        if files == 0 { return "no files read" }
        let kinds = formats.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }
        let read =
            "\(grouped(files)) \(files == 1 ? "file" : "files") read"
            + (kinds.isEmpty ? "" : ": \(kinds.joined(separator: ", "))")
        if decoded == 0 { return "\(read); headers only, --decode decodes the images" }
        let rest = formats.values.reduce(-decoded, +)
        return "\(read); \(grouped(decoded)) decoded completely" + (rest > 0 ? ", \(grouped(rest)) headers only" : "")
    }
}
