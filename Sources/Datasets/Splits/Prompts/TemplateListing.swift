internal import Catalog
public import Core

/// The template sets of the catalog, each with the data sets that use it.
public struct TemplateListing: Sendable, Codable {
    /// A template set and its data sets.
    public struct Set: Sendable, Codable, Equatable {
        /// The name in a prompt choice.
        public let name: String
        /// Increased when a template changes.
        public let version: Int
        /// The published file that the templates are from.
        public let source: String
        /// The templates, in the published order.
        public let templates: [String]
        /// The names of the data sets.
        public let datasets: [String]
    }

    /// The template sets; those with the same name are adjacent.
    public let sets: [Set]

    /// The sets of `dataset` named `name`; nil stands for all data sets, or all names.
    ///
    /// - Throws: `configuration` if there is no such data set or template set.
    public init(dataset: String? = nil, named name: String? = nil) throws(Fault) {
        let entries = Catalog.entries.filter { dataset == nil || $0.name == dataset }
        if let dataset, entries.isEmpty {
            throw .configuration(
                option: "dataset", found: "'\(dataset)'",
                expected: "one of \(Catalog.entries.map(\.name).joined(separator: ", "))",
                remedy: "\(action: .listDatasets)")
        }
        let all = Self.grouped(entries)
        sets = all.filter { name == nil || $0.name == name }
        guard let name, sets.isEmpty else { return }
        var names: [String] = []
        for set in all where names.last != set.name { names.append(set.name) }
        throw .configuration(
            "prompts", found: "'\(name)'", expected: "one of \(names.joined(separator: ", "))",
            remedy: "\(action: .listTemplates)")
    }

    /// The different sets of `entries` and the data sets that use them; sets of one name are adjacent.
    private static func grouped(_ entries: [DatasetEntry]) -> [Set] {
        var order: [String: [TemplateSet]] = [:]
        var names: [String] = []
        for set in entries.flatMap(\.templates) where order[set.name]?.contains(set) != true {
            if order[set.name] == nil { names.append(set.name) }
            order[set.name, default: []].append(set)
        }
        return names.flatMap { order[$0] ?? [] }.map { set in
            Set(
                name: set.name, version: set.version, source: set.source, templates: set.templates,
                datasets: entries.filter { $0.templates.contains(set) }.map(\.name))
        }
    }

    /// The sets as text: name, version, size or only template, data sets and source of each.
    public var page: String {
        sets.map { set in
            let count = set.templates.count == 1 ? "'\(set.templates[0])'" : "\(set.templates.count) templates"
            return """
                \(set.name) (version \(set.version)): \(count)
                  for \(set.datasets.joined(separator: ", "))
                  from \(set.source)

                """
        }.joined()
    }

    /// Returns the templates of the only set, one per line: a file for a prompt choice.
    ///
    /// - Throws: `configuration` if the data sets have different templates under the name.
    public func templates() throws(Fault) -> String {
        guard let first = sets.first, sets.allSatisfy({ $0.templates == first.templates }) else {
            throw .configuration(
                "prompts", found: "\(sets.count) sets named '\(sets.first?.name ?? "")' with different templates",
                expected: "one set",
                remedy: "choose a data set, as with '\(option: "dataset", sets.first?.datasets.first ?? "")'")
        }
        return first.templates.map { $0 + "\n" }.joined()
    }
}
