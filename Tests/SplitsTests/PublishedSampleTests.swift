import Core
import Foundation
import Splits
import TestSupport
import Testing

/// A published index file, beside the checkout.
private struct Published: Decodable {
    struct Subset: Decodable {
        struct Entry: Decodable {
            let impath: String
            let label: Int
            let classname: String
        }
        let data: [Entry]
        let indices: [Int]
    }
    let train: Subset
    let val: Subset
}

@Test(
    .enabled(if: sharedData("coop-splits") != nil),
    arguments: [
        ("caltech101", "Caltech101"), ("dtd", "DescribableTextures"), ("eurosat", "EuroSAT"),
        ("oxford_flowers", "OxfordFlowers"),
    ])
func everyPublishedIndexFileComesOutItemForItem(_ name: String, _ title: String) throws {
    let folder = try #require(sharedData("coop-splits"))
    let file = try SplitFile(path: "\(folder)/split_zhou_\(title).json")
    #expect(file.split.dataset == name)
    for shots in [1, 2, 4, 8, 16] {
        for seed in 1 ... 3 {
            let path = "\(folder)/indices/\(name)/shot_\(shots)-seed_\(seed).json"
            let published = try JSONDecoder().decode(Published.self, from: Data(contentsOf: URL(filePath: path)))
            let few = try file.sampled(.coop, shots: shots, seed: seed)
            for (part, items) in [(published.train, few.train), (published.val, few.val)] {
                // A single Boolean, so that a failure does not print a thousand paths.
                let isEqual =
                    part.data.map(\.label) == items.map(\.label)
                    && part.data.map(\.impath) == items.map { "./data/\(few.root)/\($0.path)" }
                    && part.data.map(\.classname) == items.map { few.classes[$0.label] }
                #expect(isEqual, "\(name), \(shots) shots, seed \(seed)")
            }
            #expect(few.test == file.split.test)
        }
    }
}
