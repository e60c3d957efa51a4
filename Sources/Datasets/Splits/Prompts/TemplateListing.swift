internal import Catalog
public import Core

/// The template sets of the catalog, each with the data sets that have it.
public struct TemplateListing: Sendable, Codable {
    public struct Set: Sendable, Codable, Equatable {
        public let name: String
        public let version: Int
        public let source: String
        public let templates: [String]
        /// Names of data sets.
        public let datasets: [String]
    }

    public let sets: [Set]

    /// The sets of `dataset`, or of all data sets, called `name`, or whatever they are called.
    ///
    /// - Throws: `configuration` where nothing is called so.
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
        var order: [TemplateSet] = []
        var users: [TemplateSet: [String]] = [:]
        for owner in owners {
            for set in owner.sets {
                if users[set] == nil { order.append(set) }
                users[set, default: []].append(owner.name)
            }
        }
        let found = name.map { name in order.filter { $0.name == name } } ?? order
        guard let name, found.isEmpty else {
            // Sets of one name stand together.
            sets = Self.byName(found).map { set in
                Set(
                    name: set.name, version: set.version, source: set.source, templates: set.templates,
                    datasets: users[set] ?? [])
            }
            return
        }
        let names = Self.byName(order).map(\.name)
        throw .configuration(
            "prompts", found: "'\(name)'",
            expected: names.isEmpty ? "nothing, as there is no template set" : "one of \(Self.distinct(names))",
            remedy: "see 'fewshot-split show prompts'")
    }

    private static func byName(_ sets: [TemplateSet]) -> [TemplateSet] {
        var names: [String] = []
        for set in sets where !names.contains(set.name) { names.append(set.name) }
        return names.flatMap { name in sets.filter { $0.name == name } }
    }

    private static func distinct(_ names: [String]) -> String {
        var seen: [String] = []
        for name in names where seen.last != name { seen.append(name) }
        return seen.joined(separator: ", ")
    }

    /// A line for each set: its name, version and size, whose it is, and its text or its source.
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

    /// The templates of the one set that was asked for, one a line, which is a file that `--prompts` takes.
    ///
    /// - Throws: `configuration` where data sets have different texts under the name.
    public func templates() throws(Fault) -> String {
        guard let first = sets.first, sets.allSatisfy({ $0.templates == first.templates }) else {
            throw .configuration(
                "prompts", found: "\(sets.count) sets called '\(sets.first?.name ?? "")' with different texts",
                expected: "one", remedy: "say whose with --dataset, as '--dataset \(sets.first?.datasets.first ?? "")'")
        }
        return first.templates.map { $0 + "\n" }.joined()
    }
}
