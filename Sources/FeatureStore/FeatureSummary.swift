public import Core

/// A summary of a feature file.
public struct FeatureSummary: Codable, Sendable {
    /// The minimum and maximum number of items per class.
    public struct Counts: Codable, Sendable {
        /// The numbers of items in the smallest and in the largest class.
        public let minimum, maximum: Int
        /// The number of classes without items.
        public let empty: Int
    }

    /// The norms of the raw rows.
    public struct Norms: Codable, Sendable {
        /// The smallest norm.
        public internal(set) var minimum = Float.infinity
        /// The largest norm.
        public internal(set) var maximum: Float = 0
        /// The mean norm.
        public internal(set) var mean: Double = 0
    }

    /// The path of the file.
    public let path: String
    /// The kind of the file.
    public let part: FeatureFile.Kind
    /// The type of the values.
    public let type: FeatureType
    /// The storage of the values as recorded: `hot` (mapped), `packed` (compressed), or `virtual`.
    public let form: String
    /// The number of items; of classes in a text file.
    public let count: Int
    /// The number of items of the complete subset, if the file holds only few-shot samples of it.
    public let partCount: Int?
    /// The number of views per item; of prompts per class in a text file.
    public let views: Int
    /// The number of values per feature.
    public let width: Int
    /// The number of classes.
    public let classes: Int
    /// The number of items per class; nil for a text file.
    public let itemsPerClass: Counts?
    /// The number of prompts per class and kind; nil except for a text file.
    public let prompts: [String: Int]?
    /// Whether all rows have unit length.
    public let normalized: Bool
    /// The norms of the rows.
    public let norms: Norms
    /// The size of the file.
    public let byteCount: Int
    /// The identity of the content.
    public let digest: Digest
    /// The origin of the features.
    public let provenance: Provenance

    /// Reads all of `file`.
    ///
    /// - Throws: `badData` if it is damaged or a value is not finite.
    public init(_ file: borrowing FeatureFile) throws(Fault) {
        path = file.path
        part = file.part
        type = file.type
        form = file.form
        count = file.count
        views = file.views
        width = file.width
        classes = file.classes.count
        normalized = file.isNormalized
        byteCount = file.byteCount
        digest = file.digest
        provenance = try file.provenance()
        let isText = file.part == .text
        var counts = [Int](repeating: 0, count: classes)
        for label in try file.labels() { counts[Int(label)] += 1 }
        itemsPerClass =
            isText
            ? nil : Counts(minimum: counts.min() ?? 0, maximum: counts.max() ?? 0, empty: counts.count { $0 == 0 })
        partCount = try file.wholePart()?.labels.count
        prompts = isText ? Dictionary(grouping: try file.kinds(), by: \.rawValue).mapValues(\.count) : nil
        var scan = RowScan(file.layout.shape)
        try file.forEachPiece { _, bytes throws(Fault) in try scan.add(bytes) }
        if let row = scan.nonFinite.first { throw .nonFinite(file.path, row) }
        norms = scan.norms
    }

    /// The summary as text.
    public var page: String {
        let isText = part == .text
        let items = partCount.map { "\(count) of \($0) items" } ?? "\(count) \(isText ? "classes" : "items")"
        var rows: [(String, String)] = [
            ("shape", "\(items) x \(views) \(isText ? "prompts" : "views") x \(width) \(type)"),
            ("form", "\(Seal.Form(rawValue: form)?.title ?? form), \(Self.size(byteCount))"),
            ("identity", "\(digest)"),
        ]
        if let items = itemsPerClass {
            let empty = items.empty == 0 ? "" : ", \(items.empty) empty classes"
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
        for facts in [provenance.settings, provenance.findings ?? [:]] {
            rows += facts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        rows += provenance.inputs.map { ($0.role, "\($0.name) \($0.digest)") }
        return "\(path) (\(part))\n" + aligned(rows)
    }

    private static func rounded(_ value: Double) -> String {
        // Finite features that no encoder would produce.
        guard value < 1e12 else { return "\(value)" }
        let thousandths = Int((value * 1000).rounded())
        return "\(thousandths / 1000)." + "\(thousandths % 1000)".filled(to: 3)
    }

    private static func size(_ bytes: Int) -> String {
        for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] where bytes >= unit {
            let tenths = (bytes * 10 + unit / 2) / unit
            return "\(tenths / 10).\(tenths % 10) \(name)"
        }
        return "\(bytes) bytes"
    }
}
