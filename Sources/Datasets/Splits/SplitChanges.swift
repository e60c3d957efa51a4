internal import Core

/// The items in which a new split differs from a former one of the same images.
///
/// Items are recognized by their paths, or by a file name that is unique among those that moved to another folder.
public struct SplitChanges: Sendable, Equatable, Encodable {
    /// An item whose class or subset has changed.
    public struct Change: Sendable, Equatable, Encodable {
        /// The item's path in the new split.
        public let path: String
        /// The former class or subset.
        public let from: String
        /// The new class or subset.
        public let to: String
    }

    /// The items with another class.
    public private(set) var relabeled: [Change] = []
    /// The items in another subset.
    public private(set) var moved: [Change] = []
    /// The paths of new items.
    public private(set) var new: [String] = []
    /// The paths of former items that are gone.
    public private(set) var gone: [String] = []

    /// Compares `split` with `former`; classes are compared by their names.
    public init(from former: Split, to split: Split) {
        let lists = Subset.allCases.map { split[$0] }
        let matches = FormerItems(former).matches(of: lists)
        for (subset, (list, places)) in zip(Subset.allCases, zip(lists, matches.places)) {
            for (row, place) in places.enumerated() {
                guard let place else {
                    new.append(list[row].path)
                    continue
                }
                let name = split.classes[Int(list.labels[row])]
                let formerName = former.classes[Int(former[place.subset].labels[place.row])]
                if !name.utf8.elementsEqual(formerName.utf8) {
                    relabeled.append(Change(path: list[row].path, from: formerName, to: name))
                }
                if subset != place.subset {
                    moved.append(Change(path: list[row].path, from: place.subset.rawValue, to: subset.rawValue))
                }
            }
        }
        gone = matches.gone.map { former[$0.subset][$0.row].path }
    }

    /// Whether all items have the same class and subset as before.
    public var isEmpty: Bool { relabeled.isEmpty && moved.isEmpty && new.isEmpty && gone.isEmpty }

    /// The numbers of changes: `3 items changed class, 0 changed subset, 2 new, 1 gone`.
    public var counts: String {
        "\(relabeled.count) \(relabeled.count == 1 ? "item" : "items") changed class, \(moved.count) changed subset, "
            + "\(new.count) new, \(gone.count) gone"
    }

    /// The changes in words, with the first items of each kind: `1 item has another class (a/b.png), 2 are new (…)`.
    public var summary: String {
        func words(_ paths: [String], _ one: String, _ many: String) -> String? {
            guard let first = paths.first else { return nil }
            let rest = paths.count > 3 ? ", …" : ""
            let names = paths.count == 1 ? first : paths.prefix(3).joined(separator: ", ") + rest
            return "\(paths.count) \(paths.count == 1 ? one : many) (\(names))"
        }
        return [
            words(relabeled.map(\.path), "item has another class", "items have another class"),
            words(moved.map(\.path), "item is in another subset", "items are in another subset"),
            words(new, "item is new", "items are new"), words(gone, "item is gone", "items are gone"),
        ].compactMap(\.self).joined(separator: ", ")
    }

    /// The counts, and a line per kind of change with its first items.
    public var lines: [String] {
        func line(_ title: String, _ items: [String]) -> [String] {
            let more = items.count > 3 ? " and \(items.count - 3) more" : ""
            return items.isEmpty ? [] : ["  \(title): \(items.prefix(3).joined(separator: ", "))\(more)"]
        }
        func words(_ change: Change) -> String { "\(change.path) (\(change.from) -> \(change.to))" }
        return [counts] + line("class", relabeled.map(words)) + line("subset", moved.map(words)) + line("new", new)
            + line("gone", gone)
    }
}
