package import Catalog
public import Core

/// The prompts that a user requests: template sets by name, and files.
public struct PromptChoice: Sendable {
    private enum Source: Sendable {
        case set(TemplateSet)
        case sentences(SentenceList)
    }

    private var sources: [Source] = []

    /// The prompts of `sets`.
    package init(sets: [TemplateSet]) { sources = sets.map(Source.set) }

    /// Parses names of template sets and files joined by `+` or `,`, such as `tip` or `tip+cupl.json`.
    ///
    /// The template sets of `dataset` come before those of other data sets.
    ///
    /// - Throws: `configuration` with the known sets; `badData` or `noInput` if a file cannot be used.
    public init(_ text: String, dataset: String) throws(Fault) {
        // A file name may contain a comma.
        let names: [Substring]
        if case .file = try FileKind.found(at: text) {
            names = [text[...]]
        } else {
            names = text.split(omittingEmptySubsequences: false) { $0 == "+" || $0 == "," }
        }
        var seen: Set<Substring> = []
        for name in names {
            guard !name.isEmpty, seen.insert(name).inserted else {
                throw .configuration(
                    option: "prompts", found: name.isEmpty ? "an empty name in '\(text)'" : "'\(name)' twice",
                    expected: "names of template sets and files, each once", remedy: "correct the list")
            }
            sources.append(try Self.source(String(name), dataset))
        }
    }

    private static func source(_ name: String, _ dataset: String) throws(Fault) -> Source {
        if let set = templateSet(name, dataset) { return .set(set) }
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
                return PromptSource(
                    name: set.name, version: set.version, kind: .template, texts: classes.map(set.prompts(for:)))
            case .sentences(let list):
                let (rows, note) = try list.rows(for: classes)
                if let note { notes.append(note) }
                return PromptSource(name: "", version: 0, kind: .sentence, texts: rows.map { list.sentences[$0] })
            }
        }
        return ClassPrompts(classes: classes, sources: sources, notes: notes)
    }
}

extension Split {
    /// Returns the prompts of the split's classes for a choice such as `tip` or `tip+sentences.json`.
    ///
    /// - Throws: `configuration`, `badData` or `noInput` if the choice cannot be used.
    public func prompts(_ choice: String) throws(Fault) -> ClassPrompts {
        try PromptChoice(choice, dataset: dataset).prompts(for: classes)
    }
}
