public import Core

/// What belongs to the items of a part, beside their features.
public struct PartItems: Sendable, Equatable {
    /// The class of each item [N].
    public var labels: [Int32]
    /// The name of each item [N].
    public var ids: [String]
    /// The class names [C].
    public var classes: [String]
    /// The XXH3-64 of each item's image file [N], by which a changed image is found.
    public var images: [UInt64]?
    /// Of what the items are a selection.
    public var whole: WholePart?

    /// A part with these items, from labels in 0 ..< C.
    public init(
        labels: [Int32], ids: [String], classes: [String], images: [UInt64]? = nil, whole: WholePart? = nil
    ) {
        (self.labels, self.ids, self.classes) = (labels, ids, classes)
        (self.images, self.whole) = (images, whole)
    }

    /// The tables of a file with `count` items.
    ///
    /// - Throws: `badData` for a label that names no class, or a name with a NUL.
    func tables(count: Int, path: String) throws(Fault) -> [SideTable] {
        precondition(labels.count == count && ids.count == count, "labels or ids for other items")
        precondition(images.map { $0.count == count } ?? true, "checksums of other images")
        if let index = labels.firstIndex(where: { !classes.indices.contains(Int($0)) }) {
            throw .label(labels[index], of: index, classes: classes.count, path)
        }
        var tables = [
            SideTable("labels", labels),
            try SideTable("ids", ids, shape: [ids.count], path: path),
            try SideTable("classes", classes, shape: [classes.count], path: path),
        ]
        if let images { tables.append(SideTable("images", images)) }
        if let whole {
            precondition(whole.rows.count == count, "rows of other items")
            tables += [SideTable("rows", whole.rows), SideTable("part_labels", whole.labels)]
        }
        return tables
    }
}

/// The part that a file holds some items of: as much of it as samples need to name the same items.
public struct WholePart: Sendable, Equatable {
    /// Where each item of the file stands in the whole part [N]; twice where it was sampled twice.
    public var rows: [Int32]
    /// The class of each item of the whole part [M].
    public var labels: [Int32]

    public init(rows: [Int32], labels: [Int32]) { (self.rows, self.labels) = (rows, labels) }
}

extension FeatureFile {
    /// Labels, names and classes of the items, and what else is known of them.
    ///
    /// - Throws: `badData` where they are damaged, or rows lie outside the whole part.
    public func items() throws(Fault) -> PartItems {
        precondition(part != .text, "text features have prompts")
        return PartItems(
            labels: try labels(), ids: try ids(), classes: classes, images: try imageChecksums(),
            whole: try wholePart())
    }

    /// The XXH3-64 of each item's image file [N], where they were recorded.
    public func imageChecksums() throws(Fault) -> [UInt64]? { try numbers("images") }

    /// The part that the items are a selection of; nil for a part that is whole.
    public func wholePart() throws(Fault) -> WholePart? {
        guard let rows: [Int32] = try numbers("rows"), let labels: [Int32] = try numbers("part_labels") else {
            return nil
        }
        let own = try self.labels()
        guard zip(rows, own).allSatisfy({ labels.indices.contains(Int($0)) && labels[Int($0)] == $1 }),
            labels.allSatisfy({ classes.indices.contains(Int($0)) })
        else { throw .strange(path, "items at other places of the whole part than 'rows' says") }
        return WholePart(rows: rows, labels: labels)
    }

    private func numbers<Number: BitwiseCopyable>(_ name: String) throws(Fault) -> [Number]? {
        guard layout.tables[name] != nil else { return nil }
        try checks.check(name, in: mapping.bytes)
        let bytes = layout.bytes(name, in: mapping.bytes)
        return unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Number.self)) }
    }
}
