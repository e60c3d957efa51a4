import Core
import FeatureStore

/// Measures opening and reading a compressed file in blocks, as an evaluation does: the median of seven times.
@Sendable func compressedRead(_ options: [String: String]) throws -> [String: Double] {
    let path = (options["--data"] ?? ".") + "/packed/train.h5"
    var values: [Float] = []
    var times: [Double] = []
    for _ in 0 ..< 7 {
        times.append(
            try seconds {
                let file = try FeatureFile(path: path)
                for start in stride(from: 0, to: file.count, by: 32768) {
                    try file.read(block: start ..< min(file.count, start + 32768), view: 0, into: &values)
                }
            })
    }
    return ["seconds": times.sorted()[3]]
}

/// Measures opening a mapped file and reading the first batch in a running process: the median of 200 times.
@Sendable func mappedOpen(_ options: [String: String]) throws -> [String: Double] {
    let times = try (0 ..< 200).map { _ in try seconds { try readFirstBatch((options["--data"] ?? ".") + "/hot.h5") } }
    return ["seconds": times.sorted()[100]]
}

/// Measures opening a mapped file and reading the first batch at the start of a process.
@Sendable func mappedOpenFirst(_ options: [String: String]) throws -> [String: Double] {
    ["seconds": try seconds { try readFirstBatch((options["--data"] ?? ".") + "/hot.h5") }]
}

private func readFirstBatch(_ path: String) throws {
    var batch: [Float] = []
    let file = try FeatureFile(path: path)
    try file.read(block: 0 ..< 256, view: 0, into: &batch)
}

/// Measures writing 10 GiB of float16: 5,242,880 rows of width 1,024.
@Sendable func makeMapped(_ options: [String: String]) throws -> [String: Double] {
    ["seconds": try seconds { try writeMapped((options["--data"] ?? ".") + "/hot.h5") }]
}

private func writeMapped(_ path: String) throws {
    let width = 1024
    let rowsPerBlock = 4096
    let blocks = 1280
    let count = blocks * rowsPerBlock
    let block = (0 ..< rowsPerBlock * width).map { Float16(Float($0 % 4093) / 4093 - 0.5) }
    var writer = try FeatureWriter(path: path, part: .train, shape: FeatureShape(count: count, width: width))
    for _ in 0 ..< blocks { unsafe try writer.append(raw: block.span.bytes) }
    try writer.commit(
        PartItems(
            labels: [Int32](repeating: 0, count: count), ids: (0 ..< count).map(String.init), classes: ["everything"]),
        provenance: Provenance(tool: "fewshot-bench", inputs: [], settings: [:]))
}
