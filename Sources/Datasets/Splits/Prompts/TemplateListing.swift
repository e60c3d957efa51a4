internal import Catalog
public import Core

/// The template sets of the catalog, each with the data sets that use it.
public struct TemplateListing: Sendable, Codable {
    /// A template set and its data sets.
    public struct Set: Sendable, Codable, Equatable {
        /// The name that `--prompts` takes.
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
        try self.init(dataset: dataset, named: name, owners: TemplateOwner.catalog)
    }

    package init(dataset: String?, named name: String?, owners: [TemplateOwner]) throws(Fault) {
        let known = owners.map(\.name)
        var owners = owners
        if let dataset {
            owners = owners.filter { $0.name == dataset }
            guard !owners.isEmpty else {
                throw .configuration(
                    "--dataset", found: "'\(dataset)'", expected: "one of \(known.joined(separator: ", "))",
                    remedy: "see 'fewshot-split list'")
            }
        }
        let all = Self.grouped(owners)
        let found = name.map { name in all.filter { $0.name == name } } ?? all
        guard let name, found.isEmpty else {
            sets = found
            return
        }
        var names: [String] = []
        for set in all where names.last != set.name { names.append(set.name) }
        throw .configuration(
            "prompts", found: "'\(name)'",
            expected: names.isEmpty
                ? "nothing, as there is no template set" : "one of \(names.joined(separator: ", "))",
            remedy: "list them with 'fewshot-split show prompts'")
    }

    /// The different sets of `owners` and the data sets that use them; sets of one name are adjacent.
    private static func grouped(_ owners: [TemplateOwner]) -> [Set] {
        var order: [TemplateSet] = []
        var names: [String] = []
        var users: [TemplateSet: [String]] = [:]
        for owner in owners {
            for set in owner.sets {
                if users[set] == nil { order.append(set) }
                if !names.contains(set.name) { names.append(set.name) }
                users[set, default: []].append(owner.name)
            }
        }
        return names.flatMap { name in order.filter { $0.name == name } }.map { set in
            Set(
                name: set.name, version: set.version, source: set.source, templates: set.templates,
                datasets: users[set] ?? [])
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

    /// Returns the templates of the only set, one per line: a file for `--prompts`.
    ///
    /// - Throws: `configuration` if the data sets have different templates under the name.
    public func templates() throws(Fault) -> String {
        guard let first = sets.first, sets.allSatisfy({ $0.templates == first.templates }) else {
            throw .configuration(
                "prompts", found: "\(sets.count) sets named '\(sets.first?.name ?? "")' with different templates",
                expected: "one set",
                remedy: "choose a data set, as with '--dataset \(sets.first?.datasets.first ?? "")'")
        }
        return first.templates.map { $0 + "\n" }.joined()
    }
}
