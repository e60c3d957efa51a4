public import Core
internal import Splits

/// The groups of items that show the same scene, video, slide or patient, so that no division may separate them.
public struct ItemGroups: Sendable {
    /// `folder`, or a regular expression.
    let rule: String

    /// Groups by folder for the word `folder`, or else by the text in the only group of a regular expression.
    ///
    /// - Throws: `usage` for an invalid regular expression.
    public init(_ rule: String) throws(Fault) {
        self.rule = rule
        _ = try pattern()
    }

    /// The groups of `items`.
    ///
    /// - Throws: `usage` if the expression matches no path, or has not one group.
    func keys(of items: ItemList) throws(Fault) -> GroupKeys {
        guard let pattern = try pattern() else {
            return GroupKeys(keys: items.indices.map { items.folderBytes($0) }, unmatched: [])
        }
        var keys: [[UInt8]] = []
        var unmatched: [String] = []
        for row in items.indices {
            let path = items[row].path
            guard let match = path.firstMatch(of: pattern) else {
                unmatched.append(path)
                keys.append(Array(path.utf8))
                continue
            }
            guard match.output.count == 2 else {
                throw invalid("\(match.output.count - 1) groups in '\(rule)'")
            }
            // A zero byte distinguishes the text of a group from a path without one.
            keys.append([0] + Array((match.output[1].substring ?? "").utf8))
        }
        guard unmatched.count < items.count else {
            throw invalid("'\(rule)', which matches none of \(items.count) paths such as '\(unmatched.first ?? "")'")
        }
        return GroupKeys(keys: keys, unmatched: unmatched)
    }

    /// The regular expression; nil for groups by folder.
    private func pattern() throws(Fault) -> Regex<AnyRegexOutput>? {
        guard rule != "folder" else { return nil }
        do { return try Regex(rule) } catch { throw invalid("'\(rule)', which is no regular expression") }
    }

    private func invalid(_ found: String) -> Fault {
        Fault(
            .usage, option: "group", found: found,
            expected: "folder, or a regular expression with one group, such as '(patient[0-9]+)_'",
            remedy: "correct it; the paths start in the imported folder")
    }
}

/// The key of each item's group [N].
struct GroupKeys {
    let keys: [[UInt8]]
    /// The paths without a match, each of which is a group of its own.
    let unmatched: [String]

    /// The number of groups.
    var count: Int { Set(keys).count }
}

extension ItemList {
    /// The bytes of the path of an item's folder; empty at the top.
    func folderBytes(_ row: Int) -> [UInt8] {
        let path = pathBytes(row)
        return Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex)])
    }
}

extension SplitAssembly {
    /// Notes what the groups of `items` make of the subsets in `divided`.
    mutating func noteGroups(_ groups: GroupKeys, of items: ItemList, in divided: [Subset: ItemList]) {
        note(groups.unmatched, "image", "images") { "\($0) in no group, each of which was divided by itself" }
        let test = divided[.test]?.count ?? 0
        let val = divided[.val]?.count ?? 0
        notes.append(
            "\(groups.count) groups of \(items.count) items, none of which is in two subsets: val has \(val) items, "
                + "test \(test)")
    }

    /// Notes groups with items in several of the data's own subsets.
    mutating func noteDividedGroups(_ groups: ItemGroups) throws(Fault) {
        var subsets: [[UInt8]: Set<Subset>] = [:]
        for subset in Subset.allCases {
            guard let items = lists[subset] else { continue }
            for key in try groups.keys(of: items).keys { subsets[key, default: []].insert(subset) }
        }
        let divided = subsets.filter { $0.value.count > 1 }.keys.map { key in
            String(decoding: key.drop { $0 == 0 }, as: UTF8.self)
        }
        note(divided.sorted { $0.precedes($1) }, "group", "groups") { "\($0) in several of the data's own subsets" }
    }
}
