package import Catalog
public import Core

/// The prompts that a user requests: template sets by name, files, and templates.
public struct PromptChoice: Sendable {
    private enum Source: Sendable {
        case set(TemplateSet)
        case sentences(SentenceList)
    }

    private var sources: [Source] = []

    /// The prompts of `sets`.
    package init(sets: [TemplateSet]) { sources = sets.map(Source.set) }

    /// Parses one choice, as one of several.
    public init(_ text: String, dataset: String) throws(Fault) { try self.init([text], dataset: dataset) }

    /// Parses names of template sets and files joined by `+` or `,`, such as `tip` or `tip+cupl.json`, and templates,
    /// which are lines with `{}`.
    ///
    /// The template sets of `dataset` come before those of other data sets.
    ///
    /// - Throws: `configuration` with the known sets; `badData` or `noInput` if a file cannot be used.
    public init(_ choices: [String], dataset: String) throws(Fault) {
        let pieces = try Self.pieces(choices)
        var seen: Set<String> = []
        for piece in pieces {
            guard !piece.isEmpty, seen.insert(piece).inserted else {
                let whole = choices.joined(separator: " ")
                throw .configuration(
                    option: "prompts", found: piece.isEmpty ? "an empty name in '\(whole)'" : "'\(piece)' twice",
                    expected: "names of template sets, files and templates, each once", remedy: "correct the list")
            }
            sources.append(try Self.source(piece, dataset))
        }
    }

    /// Splits choices into the names of sets and files, and templates.
    package static func pieces(_ choices: [String]) throws(Fault) -> [String] {
        var pieces: [String] = []
        for choice in choices {
            // A file name may contain any of the separators.
            if case .file = try FileKind.found(at: choice) {
                pieces.append(choice)
                continue
            }
            let lines = choice.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            for line in lines where lines.count == 1 || !line.allSatisfy(\.isWhitespace) {
                if line.contains("{}") {
                    pieces.append(String(line))
                } else {
                    pieces += line.split(omittingEmptySubsequences: false) { $0 == "+" || $0 == "," }.map(String.init)
                }
            }
        }
        return pieces
    }

    private static func source(_ name: String, _ dataset: String) throws(Fault) -> Source {
        if let set = templateSet(name, dataset) { return .set(set) }
        if name.contains("{}"), FileKind(at: name) == .absent { return .set(try template(name)) }
        if FileKind(at: name) == .absent, name.contains(where: { $0 == "{" || $0 == " " }) {
            throw .configuration(
                option: "prompts", found: "'\(name.prefix(60))', a text without '{}' or the name of no file",
                expected: "'{}' in the place of the class name, as in 'a photo of a {}.'",
                remedy: "write '{}', or correct the file's name")
        }
        // A name that looks like a path gives the error of a missing file.
        guard FileKind(at: name) != .absent || name.contains(where: { $0 == "/" || $0 == "." }) else {
            let names = Set(Catalog.entries.flatMap(\.templates).map(\.name)).sorted()
            throw .configuration(
                option: "prompts", found: "'\(name)'", expected: "one of \(names.joined(separator: ", ")), or a file",
                remedy: "\(action: .listTemplates)")
        }
        switch try PromptFile.read(name) {
        case .templates(let templates):
            return .set(TemplateSet(name: "", version: 0, source: name, templates: templates))
        case .sentences(let list): return .sentences(list)
        }
    }

    /// A set of one template, with the identity of a file of this line.
    private static func template(_ text: String) throws(Fault) -> TemplateSet {
        guard text.utf8.count <= PromptFile.longestText else {
            throw .configuration(
                option: "prompts", found: "a template of \(text.utf8.count) bytes",
                expected: "at most \(PromptFile.longestText) bytes", remedy: "shorten it")
        }
        return TemplateSet(name: "", version: 0, source: "", templates: [text])
    }

    /// Returns the data set's own set, or that of any other: only `tip` and `coop` differ between data sets.
    private static func templateSet(_ name: String, _ dataset: String) -> TemplateSet? {
        let entry = Catalog.entry(named: dataset)
        if entry == nil, ["coop", "tip"].contains(name) {
            return TemplateSet(
                name: name, source: "the general template of both", templates: ["a photo of a {}."])
        }
        return ([entry].compactMap(\.self) + Catalog.entries).lazy.compactMap { $0.templates(named: name) }.first
    }

    /// Returns the prompts of each of `classes`.
    ///
    /// - Throws: `badData` with the classes for which a file has no sentences.
    public func prompts(for classes: [String]) throws(Fault) -> ClassPrompts {
        var notes: [String] = []
        let sources = try sources.map { source throws(Fault) in
            switch source {
            case .set(let set):
                let origin = set.name.isEmpty ? set.source : "the template set '\(set.name)'"
                return PromptSource(
                    name: set.name, version: set.version, origin: origin, kind: .template,
                    texts: classes.map(set.prompts(for:)))
            case .sentences(let list):
                let (rows, note) = try list.rows(for: classes)
                if let note { notes.append(note) }
                return PromptSource(
                    name: "", version: 0, origin: list.path, kind: .sentence, texts: rows.map { list.sentences[$0] })
            }
        }
        return ClassPrompts(classes: classes, sources: sources, notes: notes)
    }
}

extension Split {
    /// Returns the prompts of the split's classes for a choice such as `tip` or `tip+sentences.json`.
    ///
    /// - Throws: `configuration`, `badData` or `noInput` if the choice cannot be used.
    public func prompts(_ choice: String) throws(Fault) -> ClassPrompts { try prompts([choice]) }

    /// Returns the prompts of the split's classes for several choices.
    public func prompts(_ choices: [String]) throws(Fault) -> ClassPrompts {
        try PromptChoice(choices, dataset: dataset).prompts(for: classes)
    }
}
