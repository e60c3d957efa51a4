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

/// Times the way from a path to the first batch in a process that has opened a file before.
func openHot(_ folder: String) throws -> Double? {
    var batch: [Float] = []
    try readFirstBatch("\(folder)/small.h5", into: &batch)
    return try clock { try readFirstBatch("\(folder)/hot.h5", into: &batch) }
}

/// Times the way from a path to the first batch where it is the first thing that a process does.
func openFirstHot(_ folder: String) throws -> Double? {
    var batch: [Float] = []
    return try clock { try readFirstBatch("\(folder)/hot.h5", into: &batch) }
}

private func readFirstBatch(_ path: String, into batch: inout [Float]) throws {
    let file = try FeatureFile(path: path)
    try file.read(block: 0 ..< 256, view: 0, into: &batch)
}

/// Writes 10 GiB of float16, 5,242,880 rows of 1,024, and a small file beside it.
func makeHot(_ folder: String) throws -> Double? {
    try writeHot("\(folder)/small.h5", blocks: 1)
    try writeHot("\(folder)/hot.h5", blocks: 1280)
    return nil
}

private func writeHot(_ path: String, blocks: Int) throws {
    let (width, rowsPerBlock) = (1024, 4096)
    let count = blocks * rowsPerBlock
    let block = (0 ..< rowsPerBlock * width).map { Float16(Float($0 % 4093) / 4093 - 0.5) }
    var writer = try FeatureWriter(path: path, part: .train, count: count, width: width)
    for _ in 0 ..< blocks { unsafe try writer.append(raw: block.span.bytes) }
    try writer.commit(
        labels: [Int32](repeating: 0, count: count), ids: (0 ..< count).map(String.init), classes: ["everything"],
        provenance: Provenance(tool: "fewshot-bench", inputs: [], settings: [:]))
}
