internal import Catalog
public import Core

/// Which prompts a user asks for: template sets by name and files, several joined by `+` or `,`.
public struct PromptChoice: Sendable {
    private enum Piece: Sendable {
        case set(TemplateSet)
        case templates([String])
        case sentences(SentenceList)
    }

    private var pieces: [Piece] = []
    private var notes: [String] = []

    /// Finds the sets and reads the files that `text` names, as `tip`, `imagenet80`, `own.json` or `tip+cupl.json`.
    ///
    /// The template sets of `dataset` are meant; others' are found where only one text has the name.
    ///
    /// - Throws: `configuration` with the sets that there are; `badData` or `noInput` where a file cannot be used.
    public init(_ text: String, dataset: String) throws(Fault) {
        try self.init(text, dataset: dataset, owners: TemplateOwner.catalog)
    }

    package init(_ text: String, dataset: String, owners: [TemplateOwner]) throws(Fault) {
        // A file may have a comma in its name.
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
                    "--prompts", found: name.isEmpty ? "an empty name in '\(text)'" : "'\(name)' twice",
                    expected: "names of template sets and files, each once", remedy: "correct it")
            }
            try add(String(name), dataset, owners)
        }
    }

    private mutating func add(_ name: String, _ dataset: String, _ owners: [TemplateOwner]) throws(Fault) {
        if let set = try TemplateSet.find(name, dataset: dataset, owners: owners) {
            pieces.append(.set(set))
            return
        }
        // What looks like a path is answered as one.
        guard FileKind(at: name) != .absent || name.contains(where: { $0 == "/" || $0 == "." }) else {
            let names = TemplateSet.names(for: dataset, owners: owners)
            throw .configuration(
                "--prompts", found: "'\(name)'",
                expected: "\(names.isEmpty ? "" : "one of \(names.joined(separator: ", ")), or ")a file",
                remedy: "see 'fewshot-split show prompts'")
        }
        switch try PromptFile.read(name) {
        case .templates(let templates): pieces.append(.templates(templates))
        case .sentences(let list): pieces.append(.sentences(list))
        }
    }

    /// The prompts of each of `classes`.
    ///
    /// - Throws: `badData` naming the classes for which a file has no sentences.
    public func prompts(for classes: [String]) throws(Fault) -> ClassPrompts {
        var notes = notes
        let sources = try pieces.map { piece throws(Fault) in
            switch piece {
            case .set(let set):
                return PromptSource(
                    name: set.name, version: set.version, kind: .template, texts: classes.map(set.prompts(for:)))
            case .templates(let templates):
                let set = TemplateSet(name: "", source: "", templates: templates)
                return PromptSource(name: "", version: 0, kind: .template, texts: classes.map(set.prompts(for:)))
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
    /// The prompts that `choice` gives the split's classes, as `tip` or `tip+sentences.json`.
    public func prompts(_ choice: String) throws(Fault) -> ClassPrompts {
        try PromptChoice(choice, dataset: dataset).prompts(for: classes)
    }
}
