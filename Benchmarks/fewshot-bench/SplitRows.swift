import Catalog
import Core
import SplitImport
import Splits

/// Reading CoOp's JSON of ImageNet's size.
@Sendable func splitRead(_ options: [String: String]) throws -> [String: Double] {
    let path = (options["--data"] ?? ".") + "/split.json"
    return ["seconds": try seconds { _ = try SplitFile(path: path, dataset: "imagenet") }]
}

/// Sampling 16 items of each class of a split that is read already.
@Sendable func splitSample(_ options: [String: String]) throws -> [String: Double] {
    let file = try SplitFile(path: (options["--data"] ?? ".") + "/split.json", dataset: "imagenet")
    return ["seconds": try seconds { _ = try file.sampled(.coop, shots: 16, seed: 1) }]
}

/// Making ImageNet's split of a listing of its files, and writing it.
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
