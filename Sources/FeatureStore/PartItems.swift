public import Core

/// The labels, names, and other tables of a feature file's items.
public struct PartItems: Sendable, Equatable {
    /// The class of each item [N].
    public var labels: [Int32]
    /// The name of each item [N].
    public var ids: [String]
    /// The class names [C].
    public var classes: [String]
    /// The XXH3-64 of each item's image file [N], by which a changed image is detected.
    public var images: [UInt64]?
    /// The complete subset, if the items are a sample of it.
    public var whole: WholePart?

    /// Creates the tables of items with labels in 0 ..< C.
    public init(labels: [Int32], ids: [String], classes: [String], images: [UInt64]? = nil, whole: WholePart? = nil) {
        self.labels = labels
        self.ids = ids
        self.classes = classes
        self.images = images
        self.whole = whole
    }

    /// Returns the tables of a file with `count` items, or throws `badData` for an unusable label or name.
    func tables(count: Int, path: String) throws(Fault) -> [SideTable] {
        precondition(labels.count == count && ids.count == count, "\(labels.count) labels for \(count) items")
        precondition(images.map { $0.count == count } ?? true, "a wrong number of image checksums")
        if let index = labels.firstIndex(where: { !classes.indices.contains(Int($0)) }) {
            throw .invalidLabel(labels[index], of: index, classes: classes.count, path)
        }
        var tables = [
            SideTable("labels", labels), try SideTable("ids", ids, path: path),
            try SideTable("classes", classes, path: path),
        ]
        if let images { tables.append(SideTable("images", images)) }
        if let whole {
            precondition(whole.rows.count == count, "\(whole.rows.count) rows for \(count) items")
            tables += [SideTable("rows", whole.rows), SideTable("part_labels", whole.labels)]
        }
        return tables
    }
}

/// The complete subset of which a file holds some items, as needed to reproduce few-shot samples.
public struct WholePart: Sendable, Equatable {
    /// The index of each item in the complete subset [N]; repeated if an item was sampled twice.
    public var rows: [Int32]
    /// The class of each item of the complete subset [M].
    public var labels: [Int32]

    /// Creates a record of the complete subset.
    public init(rows: [Int32], labels: [Int32]) {
        self.rows = rows
        self.labels = labels
    }
}

extension FeatureFile {
    /// Reads the XXH3-64 of each item's image file [N]; nil if they were not recorded.
    public func imageChecksums() throws(Fault) -> [UInt64]? { try numbers("images") }

    /// Reads the record of the complete subset; nil if the file holds all of it.
    public func wholePart() throws(Fault) -> WholePart? {
        guard let rows: [Int32] = try numbers("rows"), let labels: [Int32] = try numbers("part_labels") else {
            return nil
        }
        let own = try self.labels()
        guard zip(rows, own).allSatisfy({ labels.indices.contains(Int($0)) && labels[Int($0)] == $1 }),
            labels.allSatisfy({ classes.indices.contains(Int($0)) })
        else { throw .invalidLayout(path, "labels that do not match 'rows' and 'part_labels'") }
        return WholePart(rows: rows, labels: labels)
    }

    /// Reads and verifies a table of numbers; nil if the file does not have it.
    func numbers<Number: BitwiseCopyable>(_ name: String) throws(Fault) -> [Number]? {
        guard let table = layout.tables[name] else { return nil }
        try checks.check(name, in: mapping.bytes)
        return mapping.bytes.extracting(table.range).array()
    }
}
