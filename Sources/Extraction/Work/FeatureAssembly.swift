internal import Core
internal import FeatureStore
internal import Splits

/// Writes feature files from complete unfinished features.
enum FeatureAssembly {
    /// The number of bytes to read at a time.
    private static let piece = 8 << 20

    /// Writes the features of a subset; items with missing rows are left out.
    static func write(
        _ subset: ResolvedSubset, of resolved: ResolvedBuild, from unfinished: borrowing UnfinishedFeatures,
        findings: [String: String]?, to path: String
    ) throws(Fault) {
        var encoded = EncodedItems(items: unfinished.items(of: subset))
        var writer = try FeatureWriter(
            path: path, part: subset.kind,
            shape: FeatureShape(
                count: encoded.items.count, views: subset.views, width: resolved.width, type: resolved.build.type))
        let rowBytes = resolved.rowBytes
        let count = max(1, piece / (subset.views * resolved.imageRowBytes))
        for start in stride(from: 0, to: encoded.items.count, by: count) {
            var values: [UInt8] = []
            values.reserveCapacity(count * subset.views * rowBytes)
            for item in encoded.items[start ..< min(start + count, encoded.items.count)] {
                let rows = try unfinished.read(subset.row(item) ..< subset.row(item + 1))
                for start in stride(from: 0, to: rows.count, by: resolved.imageRowBytes) {
                    values += rows[start ..< start + rowBytes]
                }
                encoded.sums.append(ImageRow.checksum(rows))
            }
            unsafe try writer.append(raw: values.span.bytes)
        }
        let (items, provenance) = subset.description(
            of: encoded, classes: resolved.split.split.classes, findings: findings)
        try writer.commit(items, provenance: provenance)
    }

    /// Writes the text features, with each text's row at its prompts.
    static func write(
        _ resolved: ResolvedBuild, from unfinished: borrowing UnfinishedFeatures, to path: String
    ) throws(Fault) {
        let text = resolved.text
        var writer = try FeatureWriter(
            path: path, part: .text,
            shape: FeatureShape(
                count: text.classes.count, views: text.promptCount, width: resolved.width, type: resolved.build.type))
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
    func items(of subset: ResolvedSubset) -> [Int] {
        subset.items.indices.filter { item in
            (0 ..< subset.views).allSatisfy { hasRow(subset.row(item, view: $0)) }
        }
    }
}
