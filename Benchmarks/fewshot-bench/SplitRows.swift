import Catalog
import Core
import SplitImport
import Splits

/// Measures reading a CoOp JSON file of ImageNet's size.
@Sendable func splitRead(_ options: [String: String]) throws -> [String: Double] {
    let path = (options["--data"] ?? ".") + "/split.json"
    return ["seconds": try seconds { _ = try SplitFile(path: path, dataset: "imagenet") }]
}

/// Measures sampling 16 items per class of a split in memory.
@Sendable func splitSample(_ options: [String: String]) throws -> [String: Double] {
    let file = try SplitFile(path: (options["--data"] ?? ".") + "/split.json", dataset: "imagenet")
    return ["seconds": try seconds { _ = try file.sampled(.coop, shots: 16, seed: 1) }]
}

/// Measures creating ImageNet's split from a list of its files and writing it.
@Sendable func splitBuild(_ options: [String: String]) throws -> [String: Double] {
    let folder = options["--data"] ?? "."
    let entry = try Catalog.require("imagenet")
    return [
        "seconds": try seconds {
            let built = try entry.build(root: folder, from: .raw, index: "\(folder)/imagenet.txt")
            _ = try built.split.publish(to: "\(folder)/ours.split.json", replaces: true)
        }
    ]
}
