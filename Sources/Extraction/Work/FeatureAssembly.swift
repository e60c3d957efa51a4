internal import Core
internal import FeatureStore
internal import Splits

/// Writes feature files from complete unfinished features.
enum FeatureAssembly {
    /// The number of bytes to read at a time.
    private static let piece = 8 << 20

    /// Writes the features of a subset; items with missing rows are left out.
    static func write(
        _ part: PlannedPart, of plan: BuildPlan, type: FeatureType, from unfinished: borrowing UnfinishedFeatures,
        findings: [String: String]?, to path: String
    ) throws(Fault) {
        let items = unfinished.items(of: part)
        var writer = try FeatureWriter(
            path: path, part: part.file,
            shape: FeatureShape(count: items.count, views: part.views, width: plan.width, type: type))
        let rowBytes = plan.width * type.width
        let itemBytes = part.views * (rowBytes + ImageRow.checksumBytes)
        var sums: [UInt64] = []
        for start in stride(from: 0, to: items.count, by: max(1, piece / itemBytes)) {
            let block = items[start ..< min(start + max(1, piece / itemBytes), items.count)]
            var values: [UInt8] = []
            values.reserveCapacity(block.count * part.views * rowBytes)
            for item in block {
                let rows = try unfinished.read(part.row(item) ..< part.row(item + 1))
                for view in 0 ..< part.views {
                    let start = view * (rowBytes + ImageRow.checksumBytes)
                    values += rows[start ..< start + rowBytes]
                }
                sums.append(ImageRow.checksum(rows))
            }
            unsafe try writer.append(raw: values.span.bytes)
        }
        try commit(writer, part, of: plan, items: items, sums: sums, findings: findings)
    }

    /// Adds the labels, names and provenance of `items`, whose rows are written.
    static func commit(
        _ writer: consuming FeatureWriter, _ part: PlannedPart, of plan: BuildPlan, items: [Int], sums: [UInt64],
        findings: [String: String]?
    ) throws(Fault) {
        let (items, provenance) = described(part, of: plan, items: items, sums: sums, findings: findings)
        try writer.commit(items, provenance: provenance)
    }

    /// The labels and names of `items` of a subset, and their provenance.
    static func described(
        _ part: PlannedPart, of plan: BuildPlan, items: [Int], sums: [UInt64], findings: [String: String]?
    ) -> (PartItems, Provenance) {
        var provenance = part.provenance
        if items.count < part.items.count { provenance.settings["skipped"] = "\(part.items.count - items.count)" }
        provenance.findings = findings
        let whole = part.whole.map { whole in
            WholePart(rows: items.map { whole.rows[$0] }, labels: whole.labels)
        }
        let all = PartItems(
            labels: items.map { part.items.labels[$0] }, ids: items.map(part.id), classes: plan.split.split.classes,
            images: sums, whole: whole)
        return (all, provenance)
    }

    /// Writes the text features, with each text's row at its prompts.
    static func write(
        _ text: PlannedText, width: Int, type: FeatureType, from unfinished: borrowing UnfinishedFeatures,
        to path: String
    ) throws(Fault) {
        var writer = try FeatureWriter(
            path: path, part: .text,
            shape: FeatureShape(count: text.classes.count, views: text.promptCount, width: width, type: type))
        for places in text.places {
            var values: [UInt8] = []
            for place in places { values += try unfinished.read(place ..< place + 1) }
            unsafe try writer.append(raw: values.span.bytes)
        }
        try writer.commit(
            prompts: text.prompts, kinds: text.kinds, classes: text.classes, provenance: text.provenance)
    }
}

extension UnfinishedFeatures {
    /// The items of a subset with all of their rows.
    func items(of part: PlannedPart) -> [Int] {
        part.items.indices.filter { item in
            (0 ..< part.views).allSatisfy { hasRow(part.row(item, view: $0)) }
        }
    }
}
