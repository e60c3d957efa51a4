package import Core

/// The items of a former split, by which the items of a new split of the same images are recognized.
package struct FormerItems {
    /// The place of an item in the former split.
    package struct Place: Sendable, Equatable {
        package let subset: Subset
        package let row: Int
    }

    private let split: Split
    /// The first item of each path, by the checksum of the path.
    private var places: [UInt64: Place] = [:]

    package init(_ split: Split) {
        self.split = split
        for subset in Subset.allCases {
            let items = split[subset]
            for row in items.indices {
                let key = Self.key(items.pathBytes(row))
                if places[key] == nil { places[key] = Place(subset: subset, row: row) }
            }
        }
    }

    private static func key(_ bytes: ArraySlice<UInt8>) -> UInt64 { checksum(of: bytes) }

    private static func nameKey(_ path: ArraySlice<UInt8>) -> UInt64 {
        key(path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex)...])
    }

    /// The result of a comparison.
    package struct Matches {
        /// The former place of each item of each list; nil for a new item.
        package fileprivate(set) var places: [[Place?]]
        /// The former items that no list has.
        package fileprivate(set) var gone: [Place]
    }

    /// Finds the items of `lists` in the former split, by their paths.
    ///
    /// A new path is that of a former item, moved to another folder, if their file name is the only one of its kind
    /// among both the new and the missing paths.
    package func matches(of lists: [ItemList]) -> Matches {
        var missing = places
        var found: [[Place?]] = lists.map { list in
            list.indices.map { row in
                let key = Self.key(list.pathBytes(row))
                missing[key] = nil
                return places[key]
            }
        }
        var moved: [UInt64: [Place]] = [:]
        for place in missing.values { moved[Self.nameKey(path(of: place)), default: []].append(place) }
        var new: [UInt64: [(list: Int, row: Int)]] = [:]
        for (index, list) in lists.enumerated() {
            for row in list.indices where found[index][row] == nil {
                new[Self.nameKey(list.pathBytes(row)), default: []].append((index, row))
            }
        }
        for (name, rows) in new where rows.count == 1 {
            guard let former = moved[name], former.count == 1 else { continue }
            found[rows[0].list][rows[0].row] = former[0]
            missing[Self.key(path(of: former[0]))] = nil
        }
        let gone = missing.values.sorted {
            $0.subset == $1.subset ? $0.row < $1.row : $0.subset.order < $1.subset.order
        }
        return Matches(places: found, gone: gone)
    }

    private func path(of place: Place) -> ArraySlice<UInt8> { split[place.subset].pathBytes(place.row) }
}

extension Subset {
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
