public import Core

/// What a reader wants to know of a feature file at a glance.
public struct FeatureSummary: Codable, Sendable {
    /// The smallest and the largest number of items a class has.
    public struct Counts: Codable, Sendable {
        public let minimum: Int
        public let maximum: Int
        /// Classes without an item.
        public let empty: Int
    }

    /// The lengths of the raw rows.
    public struct Norms: Codable, Sendable {
        public let minimum: Float
        public let mean: Double
        public let maximum: Float
    }

    public let path: String
    public let part: FeatureFile.Kind
    public let type: FeatureType
    /// `hot` or `packed`.
    public let form: String
    /// Items, or classes in a text file.
    public let count: Int
    /// Items of the whole part, where the file holds only those of some samples.
    public let partCount: Int?
    /// Views of an item, or prompts of a class.
    public let views: Int
    public let width: Int
    public let classes: Int
    /// Items a class, in every part but `text`.
    public let itemsPerClass: Counts?
    /// How many prompts of each kind a class has, in a text file.
    public let prompts: [String: Int]?
    public let normalized: Bool
    public let norms: Norms
    /// Bytes on disk.
    public let byteCount: Int
    public let digest: Digest
    public let provenance: Provenance

    /// Reads the whole of `file`.
    ///
    /// - Throws: `badData` where it is damaged or a value is not finite.
    public init(_ file: borrowing FeatureFile) throws(Fault) {
        (path, part, type, form) = (file.path, file.part, file.type, file.form)
        (count, views, width, classes) = (file.count, file.views, file.width, file.classes.count)
        (normalized, byteCount, digest, provenance) = (
            file.isNormalized, file.byteCount, file.digest, try file.provenance()
        )
        if file.part == .text {
            partCount = nil
            prompts = Dictionary(grouping: try file.kinds(), by: \.rawValue).mapValues(\.count)
            itemsPerClass = nil
        } else {
            var counts = [Int](repeating: 0, count: file.classes.count)
            for label in try file.labels() { counts[Int(label)] += 1 }
            partCount = try file.wholePart()?.labels.count
            itemsPerClass = Counts(
                minimum: counts.min() ?? 0, maximum: counts.max() ?? 0, empty: counts.filter { $0 == 0 }.count)
            prompts = nil
        }
        var scan = RowScan(file.layout.shape)
        try file.forEachPiece { _, bytes throws(Fault) in try scan.add(bytes) }
        if let place = scan.nonFinite.first { throw .nonFinite(file.path, place) }
        norms = Norms(minimum: scan.norms.minimum, mean: scan.norms.mean, maximum: scan.norms.maximum)
    }

    /// The summary as lines for a reader.
    public var page: String {
        let isText = part == .text
        let items = partCount.map { "\(count) of the part's \($0) items" } ?? "\(count) \(isText ? "classes" : "items")"
        var rows: [(String, String)] = [
            ("shape", "\(items) x \(views) \(isText ? "prompts" : "views") x \(width) \(type)"),
            ("form", "\(form), \(Self.size(byteCount))"),
            ("identity", "\(digest)"),
        ]
        if let items = itemsPerClass {
            let empty = items.empty == 0 ? "" : ", \(items.empty) classes without any"
            rows.append(("classes", "\(classes), \(items.minimum) to \(items.maximum) items each\(empty)"))
        }
        if let prompts {
            let kinds = prompts.sorted { $0.key > $1.key }.map { "\($0.value) \($0.key)\($0.value == 1 ? "" : "s")" }
            rows.append(("prompts", kinds.joined(separator: ", ")))
        }
        let lengths = [Double(norms.minimum), norms.mean, Double(norms.maximum)].map { Self.rounded($0) }
        rows.append(
            ("norms", "\(lengths[0]) to \(lengths[2]), mean \(lengths[1])\(normalized ? " (normalized)" : "")"))
        rows.append(("made by", "\(provenance.tool) \(provenance.version)"))
        for (name, value) in provenance.settings.sorted(by: { $0.key < $1.key }) { rows.append((name, value)) }
        for (name, value) in (provenance.findings ?? [:]).sorted(by: { $0.key < $1.key }) { rows.append((name, value)) }
        for input in provenance.inputs { rows.append((input.role, "\(input.name) \(input.digest)")) }
        let column = (rows.map(\.0.count).max() ?? 0) + 2
        return "\(path) (\(part))\n"
            + rows.map { "  \($0)\(String(repeating: " ", count: column - $0.count))\($1)\n" }.joined()
    }

    /// Three decimals, without a C format.
    private static func rounded(_ value: Double) -> String {
        // Of features that are finite and of no encoder.
        guard value < 1e12 else { return "\(value)" }
        let thousandths = Int((value * 1000).rounded())
        let digits = "\(thousandths % 1000)"
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// Bytes in a unit that a reader can compare.
    private static func size(_ bytes: Int) -> String {
        for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] where bytes >= unit {
            let tenths = (bytes * 10 + unit / 2) / unit
            return "\(tenths / 10).\(tenths % 10) \(name)"
        }
        return "\(bytes) bytes"
    }
}
