import Artifacts
import FeatureStore

/// Times reading a packed file whole, opening included.
func readPacked(_ folder: String) throws -> Double? {
    var values: [Float] = []
    return try median(of: 7) {
        let file = try FeatureFile(path: "\(folder)/packed/train.h5")
        try file.read(block: 0 ..< file.count, view: 0, into: &values)
    }
}

/// Times the way from a path to the first batch, once in a fresh process as a user meets it.
func openHot(_ folder: String) throws -> Double? {
    var batch: [Float] = []
    return try clock {
        let file = try FeatureFile(path: "\(folder)/hot.h5")
        try file.read(block: 0 ..< 256, view: 0, into: &batch)
    }
}

/// Writes 10 GiB of float16: 5,242,880 rows of 1,024.
func makeHot(_ folder: String) throws -> Double? {
    let (count, width, rowsPerBlock) = (5_242_880, 1024, 4096)
    let block = (0 ..< rowsPerBlock * width).map { Float16(Float($0 % 4093) / 4093 - 0.5) }
    var writer = try FeatureWriter(
        path: "\(folder)/hot.h5", part: .train, count: count, views: 1, width: width, type: .float16, isNormalized: false)
    for _ in 0 ..< count / rowsPerBlock { unsafe try writer.append(raw: block.span.bytes) }
    try writer.commit(
        labels: [Int32](repeating: 0, count: count), ids: (0 ..< count).map(String.init), classes: ["everything"],
        provenance: Provenance(tool: "fewshot-bench", inputs: [], settings: [:]))
    return nil
}
