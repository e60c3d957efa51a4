package import Catalog
internal import Core

/// A data set with template sets.
package struct TemplateOwner: Sendable {
    let name: String
    /// The data set whose labels this one shares; nil for none.
    let shiftOf: String?
    let sets: [TemplateSet]

    package init(_ name: String, shiftOf: String? = nil, _ sets: [TemplateSet]) {
        self.name = name
        self.shiftOf = shiftOf
        self.sets = sets
    }

    static let catalog = Catalog.entries.map { TemplateOwner($0.name, shiftOf: $0.shiftOf, $0.templates) }

    func set(named name: String) -> TemplateSet? { sets.first { $0.name == name } }
}

extension TemplateSet {
    /// The template that CoOp and Tip-Adapter use by default.
    static func general(_ name: String) -> TemplateSet {
        TemplateSet(name: name, source: "the general template of both", templates: ["a photo of a {}."])
    }

    /// The names of the general template for data sets outside the catalog.
    static let generalNames = ["coop", "tip"]

    /// Returns the set named `name` for `dataset`; nil if there is none.
    ///
    /// The data set's own set comes first, then that of the data set whose labels it shares, then any other.
    ///
    /// - Throws: `configuration` if other data sets have different templates under the name.
    static func find(_ name: String, dataset: String, owners: [TemplateOwner]) throws(Fault) -> TemplateSet? {
        let owner = owners.first { $0.name == dataset }
        let original = owner?.shiftOf.flatMap { name in owners.first { $0.name == name } }
        if let set = owner?.set(named: name) ?? original?.set(named: name) { return set }
        if owner == nil, generalNames.contains(name) { return general(name) }
        let others = owners.filter { $0.set(named: name) != nil }
        let sets = others.compactMap { $0.set(named: name) }
        guard let first = sets.first else { return nil }
        guard sets.allSatisfy({ $0.templates == first.templates }) else {
            throw .configuration(
                "--prompts", found: "'\(name)', which differs between \(quoted(others.map(\.name)))",
                expected: "a set of '\(dataset)', or one that is the same for all data sets",
                remedy: "save one with 'fewshot-split show prompts \(name) --dataset NAME > own.txt' and use that file")
        }
        return first
    }

    /// Returns the names that ``find(_:dataset:owners:)`` accepts for `dataset`, sorted.
    static func names(for dataset: String, owners: [TemplateOwner]) -> [String] {
        var names = Set(owners.flatMap(\.sets).map(\.name))
        if !owners.contains(where: { $0.name == dataset }) { names.formUnion(generalNames) }
        return names.filter { (try? find($0, dataset: dataset, owners: owners)) != nil }.sorted()
    }
}

/// Returns names for a sentence: the first three in quotes, and the number of the others.
func quoted(_ names: [String]) -> String {
    let shown = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
}
