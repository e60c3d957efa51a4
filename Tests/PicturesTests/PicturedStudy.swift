import Adapter
import Core
import FeatureStore
import Foundation
import Reporting
import Studies
import TestSupport

/// A study of features whose items have image files, with names of classes and files that are markup.
struct PicturedStudy: ~Copyable {
    static let classes = ["<b>ant</b>", "bee & \"wasp\"", "cat", "dog's <script>alert(1)</script>"]
    private static let counts: [(subset: Subset, perClass: Int)] = [(.train, 6), (.val, 4), (.test, 8)]

    let scratch: ScratchFolder

    /// Writes images and features, and trains a method on them.
    init() throws {
        let scratch = try ScratchFolder()
        var generator = SeededGenerator(seed: 3)
        for (subset, perClass) in Self.counts {
            let kind = FeatureFile.Kind(subset)
            let count = perClass * Self.classes.count
            var writer = try FeatureWriter(
                path: scratch.file("features/\(kind.fileName)"), part: kind, shape: FeatureShape(count: count, width: 8)
            )
            var ids: [String] = []
            var sums: [UInt64] = []
            for item in 0 ..< count {
                let label = item % Self.classes.count
                let row = (0 ..< 8).map { Float($0 % 4 == label ? 1 : 0) + .random(in: -1 ... 1, using: &generator) }
                try writer.append(row.span)
                let image = Self.image(item, of: subset)
                ids.append("\(subset.rawValue)/<img src=x onerror=alert(2)> \(item).ppm")
                sums.append(unsafe checksum(image.span.bytes))
                try scratch.write(image, "images/\(ids[item])")
            }
            try writer.commit(
                PartItems(
                    labels: (0 ..< count).map { Int32($0 % Self.classes.count) }, ids: ids, classes: Self.classes,
                    images: sums),
                provenance: Provenance(tool: "test", inputs: [], settings: ["model": "tiny", "dataset": "pets"]))
        }
        var study = smallStudy(scratch.file("features"), scratch.file("runs"), [TipAdapter.self])
        study.shots = [.count(2)]
        _ = try study.run()
        self.scratch = scratch
    }

    /// A pixmap of one color, wider than high.
    private static func image(_ item: Int, of subset: Subset) -> [UInt8] {
        let color = [UInt8(40 + item), UInt8(200 - item), UInt8(subset.rawValue.utf8.count * 30)]
        return Array("P6 48 24 255\n".utf8) + (0 ..< 48 * 24).flatMap { _ in color }
    }

    /// Makes the page with pictures.
    func page(_ pictures: PictureOptions?) throws -> String {
        var options = PageOptions()
        options.pictures = pictures
        return try ResultSet(reading: [scratch.file("runs")]).page(options)
    }

    var images: String { scratch.file("images") }
    var test: String { scratch.file("images/test") }
}

extension String {
    /// The number of occurrences of `text`.
    func count(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
