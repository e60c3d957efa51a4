internal import Adapter
public import Core
internal import FoundationEssentials
internal import Studies

/// The options of a page.
public struct PageOptions: Sendable {
    /// The title.
    public var title = "Few-shot results"
    /// The options of tables.
    public var table = TableOptions()
    /// The runs whose classes are shown, named as in the results; by default one per data set.
    public var runs: [String] = []
    /// The pictures of items; nil for none.
    public var pictures: PictureOptions?
    /// Feature folders, used for the runs on a folder of the same name; other runs have the recorded one.
    public var featureFolders: [String] = []
    /// Receives a sentence on each run whose items the page does not show.
    public var note: @Sendable (String) -> Void = { _ in }

    /// Creates the default options.
    public init() {}
}

/// A report as one self-contained HTML page.
struct ReportPage {
    let results: ResultSet
    let options: PageOptions
    private let groups: [ResultGroup]
    private let evaluations: [EvaluationGroup]
    private let numbers: [String: Int]
    private let known: [RecordedRun]
    private let missing: Int
    private let shown: [[ShownRun]]

    /// Reads the existing run folders.
    init(_ results: ResultSet, _ options: PageOptions) throws(Fault) {
        self.results = results
        self.options = options
        groups = ResultGroup.groups(results)
        evaluations = EvaluationGroup.groups(results)
        numbers = MethodOrder.numbers(groups.flatMap(\.methods))
        for name in options.runs where !results.runs.contains(where: { $0.line.run == name }) {
            throw Fault(
                .usage, option: "run", found: "'\(name)'",
                expected: "the name of a run, such as \(results.runs.first?.line.run ?? "")",
                remedy: "correct the name")
        }
        let own = results.runs.filter { $0.line.evaluation == nil }
        known = try own.map { run throws(Fault) in try run.recorded() }.compactMap { $0 }
        missing = own.count - known.count
        shown = try groups.map { [known] group throws(Fault) in
            try group.shown(
                known.filter { group.contains($0.run) }, named: options.runs, folders: options.featureFolders)
        }
    }

    func html() throws(Fault) -> HTML {
        var body: HTML = ""
        var gallery = Gallery(options.pictures)
        var labels: Set<String> = []
        for index in groups.indices {
            body += try section(index, items: itemSections(index, &gallery, &labels))
        }
        for (index, group) in evaluations.enumerated() { body += section(group, id: "e\(index)") }
        let notes = results.notes + gallery.notes
        body += ProvenanceSection(known: known, missing: missing, notes: notes, groups: groups).html()
        let images = gallery.count > 0 ? "; img-src data:" : ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="generator" content="\(ReportFile.mark)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src '\(Self.source(style))'; script-src '\(Self.source(Self.script))'\(images)">
            <title>\(options.title)</title>
            <style>\(HTML(markup: style))</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the results</a>
            \(header)
            <main id="main" tabindex="-1">
            \(body)</main>
            <footer><p>Made by fewshot-report \(fewshotVersion). The page holds all that it shows and asks no \
            network.</p></footer>
            <script>\(HTML(markup: Self.script))</script>
            </body>
            </html>

            """
    }

    /// The style sheet, with rules that hide and highlight the lines of methods without a script.
    private var style: String {
        var style = String(decoding: PackageResources.report_css, as: UTF8.self)
        for n in numbers.values.sorted() {
            style += """
                figure:has(.t\(n):not(:checked)) .m\(n){display:none}
                figure:has(.l\(n):hover) .s:not(.m\(n)),figure:has(.t\(n):focus-visible) .s:not(.m\(n)){opacity:.13}

                """
        }
        guard shown.contains(where: { $0.contains { $0.items != nil } }) else { return style }
        for n in 0 ... ShownRun.mostMapClasses {
            style += "figure:has(.h\(n):checked) .g:not(.q\(n)),figure:has(.j\(n):hover) .g:not(.q\(n)){opacity:.07}\n"
        }
        return style
    }

    /// The script, which sorts tables, shows the values of a line, and shows or hides all lines.
    private static let script = String(decoding: PackageResources.report_js.dropLast(), as: UTF8.self)

    /// Returns the hash of `text` for the content security policy, which blocks any other style or script.
    private static func source(_ text: String) -> String {
        let digits = Array(Digest(of: text).description)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0 ... $0 + 1]), radix: 16)
        }
        return "sha256-\(Data(bytes).base64EncodedString())"
    }

    private var header: HTML {
        let lines = results.runs.map(\.line)
        let methods = groups.flatMap(\.methods).unique
        func list(_ words: [String]) -> String { words.isEmpty ? "-" : words.joined(separator: ", ") }
        let shots = lines.map(\.shots).unique.sorted { $0.order < $1.order }.filter { $0 != .count(0) }
        let facts: [(String, String)] = [
            ("Data sets", list(lines.map(\.dataset).unique)),
            ("Models", list(lines.map { $0.model ?? "not recorded" }.unique)),
            ("Methods", list(methods.map { MethodOrder.title(of: $0) })),
            ("Shots", list(shots.map(\.description))),
            ("Seeds", list(lines.map(\.seed).unique.sorted().map(\.description))),
            ("Protocols", list(lines.map(\.protocol).unique.map { "\($0.rawValue): \($0.explanation)" })),
        ]
        let items: [HTML] = facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>\n" }
        let links: [HTML] =
            groups.enumerated().map { "<li><a href=\"#g\($0)\">\($1.heading)</a></li>\n" }
            + evaluations.enumerated().map { "<li><a href=\"#e\($0)\">\($1.heading)</a></li>\n" }
        let runs = shown.enumerated().flatMap { group, runs in
            runs.enumerated().map { (id: "g\(group)-c\($0)", run: $1) }
        }
        // A link to every run would bury the others.
        let mistakes: [HTML] = runs.prefix(6).map { id, run in
            """
            <li><a href="#\(id)-mistakes">Mistakes on \(run.line.dataset)\
            \(groups.count > 1 ? ", \(run.line.protocolCaption)" : "")</a></li>

            """
        }
        return """
            <header>
            <h1>\(options.title)</h1>
            <p class="lede">\(counted(results.runs.count, "result")) of \(counted(methods.count, "method")) on \
            \(counted(lines.map(\.dataset).unique.count, "data set")).</p>
            \(groups.isEmpty ? "" : groups[0].findings(shown[0]))\
            <nav aria-label="Contents"><ul>
            \(links)\(mistakes)<li><a href="#provenance">Provenance</a></li></ul></nav>
            <dl>
            \(items)</dl>
            </header>
            """
    }

    private func section(_ index: Int, items: HTML) throws(Fault) -> HTML {
        let group = groups[index]
        let id = "g\(index)"
        let members = known.filter { group.contains($0.run) }
        let warning: HTML =
            group.runs.contains { $0.line.note != nil }
            ? "<p class=\"warn\">\(group.protocolCaption). For comparison with published tables only.</p>\n"
            : ""
        return """
            <h2 id="\(id)">\(group.heading)</h2>
            \(warning)\(Self.mixture(members))\(index == 0 ? "" : group.findings(shown[index]))\
            \(group.accuracySection(id: id, numbers: numbers, options))
            \(items)
            \(try group.trainingSection(members, id: id))
            <h3 id="\(id)-details">Runs and settings</h3>
            \(group.runsSection(id: id))\(group.settingsSection(members, id: id))
            """
    }

    /// Returns the sections on the classes and items of the shown runs of a group.
    ///
    /// Labels of a feature folder are judged once per page; `judged` has the folders so far.
    private func itemSections(_ index: Int, _ gallery: inout Gallery, _ judged: inout Set<String>) -> HTML {
        guard !shown[index].isEmpty else { return "" }
        var sections: HTML = ""
        for (place, run) in shown[index].enumerated() {
            let id = "g\(index)-c\(place)"
            if run.items == nil {
                options.note("the items of \(run.line.run) are not shown: \(run.reason)")
                sections += "<p class=\"warn\">\(run.title): the items are not shown. \(run.reason)</p>\n"
            }
            sections += "\(run.classTables(id: id))\(run.mistakesSection(id: id, &gallery))\(run.mapSection(id: id))"
            if let items = run.items, judged.insert(items.features).inserted {
                sections += LabelSection(items, dataset: run.line.dataset).html(id: id, &gallery)
            }
            sections += run.classDetails(id: id, &gallery)
        }
        let rule = "The run that is best on validation\(shown[index].count > 1 ? " on each data set" : "")."
        return """
            <h3 id="g\(index)-classes">Classes and items</h3>
            <p>\(options.runs.isEmpty ? rule : "")</p>
            \(sections)
            """
    }

    /// Returns warnings about runs of one group with different sampling or validation.
    private static func mixture(_ known: [RecordedRun]) -> HTML {
        // Under the protocol paper, each method has the validation items of its published code.
        let isPaper = known.first?.line.protocol == .paper
        let kinds: [(String, String)] = [("scheme", "drawn")] + (isPaper ? [] : [("validation", "validated")])
        let sentences: [HTML] = kinds.compactMap { name, done in
            let counts = tally(known.compactMap { $0.settings[name] })
            guard counts.count > 1 else { return nil }
            return "<p class=\"warn\">These runs were not all \(done) alike: \(counts.joined(separator: ", ")).</p>\n"
        }
        return "\(sentences)"
    }

    private func section(_ group: EvaluationGroup, id: String) -> HTML {
        let tables = group.tables(options.table).enumerated().map {
            $1.html(id: "\(id)-t\($0)", options.table.decimals)
        }
        return "<h2 id=\"\(id)\">\(group.heading)</h2>\n\(tables)"
    }
}

extension ResultSet {
    /// Returns the results as one self-contained HTML page.
    public func page(_ options: PageOptions = .init()) throws(Fault) -> String {
        try ReportPage(self, options).html().markup
    }
}

extension ResultGroup {
    fileprivate var heading: String {
        "\(model ?? "Model not recorded")\(classes.map { ", \($0) classes" } ?? ""), \(protocolCaption)"
    }
}

extension EvaluationGroup {
    fileprivate var heading: String { "\(title): \(model ?? "model not recorded"), \(protocolCaption)" }
}

extension SelectionProtocol {
    fileprivate var explanation: String {
        switch self {
        case .val: "epochs and settings chosen on validation, test read once"
        case .fixed: "nothing chosen, the last epoch and the given settings"
        case .paper: "chosen as published, on test where that is so, for comparison with published tables only"
        }
    }
}
