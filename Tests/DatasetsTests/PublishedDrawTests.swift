import Datasets
import Foundation
import Testing

/// CoOp's splits and the published index files, where they lie beside the checkout.
private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/coop-splits")

private struct Item: Decodable {
    let path: String
    let label: Int

    init(from decoder: any Decoder) throws {
        var items = try decoder.unkeyedContainer()
        path = try items.decode(String.self)
        label = try items.decode(Int.self)
    }
}

private struct Split: Decodable {
    let train: [Item]
    let val: [Item]
}

private struct Published: Decodable {
    struct Part: Decodable {
        struct Entry: Decodable {
            let impath: String
            let label: Int
        }
        let data: [Entry]
        let indices: [Int]
    }
    let train: Part
    let val: Part
}

@Test(
    .enabled(if: FileManager.default.fileExists(atPath: folder.path)),
    arguments: [
        ("caltech101", "Caltech101"), ("dtd", "DescribableTextures"), ("eurosat", "EuroSAT"),
        ("oxford_flowers", "OxfordFlowers"),
    ])
func everyPublishedIndexFileComesOutItemForItem(_ name: String, _ split: String) throws {
    func read<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: path)))
    }
    let split = try read(Split.self, "split_zhou_\(split).json")
    for shots in [1, 2, 4, 8, 16] {
        for seed in 1 ... 3 {
            let published = try read(Published.self, "indices/\(name)/shot_\(shots)-seed_\(seed).json")
            let drawn = try FewShotDraw.draw(
                .coop, train: split.train.map(\.label), val: split.val.map(\.label), shots: shots, seed: seed,
                subject: name)
            for (rows, part, items) in [
                (drawn.train, published.train, split.train), (try #require(drawn.val), published.val, split.val),
            ] {
                #expect(rows == part.indices, "\(name), \(shots) shots, seed \(seed)")
                #expect(rows.map { items[$0].label } == part.data.map(\.label))
                #expect(zip(rows, part.data).allSatisfy { $1.impath.hasSuffix("/" + items[$0].path) })
            }
        }
    }
}
