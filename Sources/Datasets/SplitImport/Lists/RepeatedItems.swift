internal import Core
internal import Splits

/// The images that a list has in several rows.
struct RepeatedItems {
    /// A table or archive: the ordinal of its first item, and the words for the position of an item.
    private var tables: [(first: Int, place: (Int) -> String)] = []
    /// The subset, the row in it and the line of each item, in the order of the list.
    private var subsets: [Subset?] = []
    private var rows: [Int32] = []
    private var lines: [Int32] = []
    /// The ordinal of the first item of each path, by the checksum of the path.
    private var firstItems: [UInt64: Int32] = [:]
    /// The ordinals of the other items of a path, by that of its first one.
    private var others: [Int: [Int]] = [:]

    mutating func begin(_ place: @escaping (Int) -> String) { tables.append((rows.count, place)) }

    /// The words for the position `number` in the current table.
    func place(_ number: Int) -> String { tables.last?.place(number) ?? "item \(number)" }

    /// Adds the item in `row` of `subset`, which is on line `number`.
    mutating func add(subset: Subset?, row: Int, number: Int, in assembly: SplitAssembly) {
        let item = rows.count
        subsets.append(subset)
        rows.append(Int32(row))
        lines.append(Int32(clamping: number))
        let sum = assembly.pathChecksum(row, of: subset)
        guard let first = firstItems[sum].map(Int.init) else {
            firstItems[sum] = Int32(item)
            return
        }
        // Different paths may have the same checksum.
        guard assembly.path(Int(rows[first]), of: subsets[first]).elementsEqual(assembly.path(row, of: subset)) else {
            return
        }
        others[first, default: []].append(item)
    }

    /// Treats the images with several labels as the settings of `assembly` say, and returns notes.
    ///
    /// - Throws: `badData` with both positions if such images are refused.
    func resolve(_ assembly: inout SplitAssembly, _ labels: ResolvedLabels) throws(Fault) -> [String] {
        func found(_ item: Int) -> Int { assembly.label(Int(rows[item]), of: subsets[item]) }
        func label(_ item: Int) -> Int32? { labels.newLabels[found(item)] }
        let groups = others.sorted { $0.key < $1.key }.map { [$0.key] + $0.value }
        let several = groups.filter { Set($0.compactMap(label)).count > 1 }
        let inSubsets = groups.filter { Set($0.compactMap(label)).count == 1 && Set($0.map { subsets[$0] }).count > 1 }
        let same = groups.count - several.count - inSubsets.count
        var notes: [String] = []
        if same > 0 { notes.append("\(same) \(same == 1 ? "image is" : "images are") listed more than once") }
        if let group = inSubsets.first {
            notes.append(
                "\(inSubsets.count) \(inSubsets.count == 1 ? "image is" : "images are") in several subsets: "
                    + words(group, assembly) { subsets[$0]?.rawValue ?? "" })
        }
        guard let group = several.first else { return notes }
        let count = "\(several.count) \(several.count == 1 ? "image" : "images") with several labels"
        switch assembly.settings.severalLabels {
        case .refuse:
            throw .badData(
                assembly.path, found: "\(count): " + words(group, assembly) { labels.name(found($0)) },
                expected: "one label per image", remedy: .severalLabels)
        case .first:
            for group in several {
                let kept = group.first { label($0) != nil }.flatMap(label)
                remove(group.filter { label($0) != kept }, from: &assembly)
            }
            notes.append("\(count), of which the first is kept")
        case .omit:
            for group in several { remove(group, from: &assembly) }
            notes.append("left out: \(count)")
        }
        return notes
    }

    private func remove(_ items: [Int], from assembly: inout SplitAssembly) {
        for item in items { assembly.remove(Int(rows[item]), of: subsets[item]) }
    }

    /// The path of an image and the positions of two of its items that differ in `value`.
    private func words(_ group: [Int], _ assembly: SplitAssembly, _ value: (Int) -> String) -> String {
        let path = String(decoding: assembly.path(Int(rows[group[0]]), of: subsets[group[0]]), as: UTF8.self)
        let other = group.first { value($0) != value(group[0]) } ?? group[0]
        let items = [group[0], other].map { "\(value($0)) at \(position($0))" }
        return "'\(path)' is \(items.joined(separator: " and "))"
    }

    private func position(_ item: Int) -> String {
        tables.last { $0.first <= item }?.place(Int(lines[item])) ?? "item \(item)"
    }
}
