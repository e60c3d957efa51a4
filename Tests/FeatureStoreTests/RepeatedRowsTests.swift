import Core
import FeatureStore
import TestSupport
import Testing

/// Writes the features of a subset [N×1×D], with the rows' numbers as names.
private func write(_ rows: [[Float]], _ part: FeatureFile.Kind, to folder: String, compressed: Bool = false) throws {
    let path = "\(folder)/\(part.fileName)"
    let width = rows[0].count
    var writer = try FeatureWriter(
        path: path, part: part, shape: FeatureShape(count: rows.count, width: width, type: .float32))
    let values = rows.flatMap(\.self)
    try writer.append(values.span)
    let items = PartItems(
        labels: rows.map { _ in 0 }, ids: rows.indices.map { "\(part) \($0)" }, classes: ["apple"])
    try writer.commit(items, provenance: Provenance(tool: "test", inputs: [], settings: [:]))
    if compressed { try FeatureFile(path: path).pack(to: path) }
}

private func distinctRows(_ count: Int, width: Int = 16, seed: UInt64 = 1) -> [[Float]] {
    var dice = Dice(seed: seed)
    return (0 ..< count).map { _ in (0 ..< width).map { _ in Float(dice.below(1000)) - 500 } }
}

@Test func differentRowsAreNotNoted() throws {
    let scratch = try ScratchFolder()
    try write(distinctRows(40), .train, to: scratch.path)
    try write(distinctRows(30, seed: 2), .test, to: scratch.path)
    #expect(try FeatureFolder(path: scratch.path).repeatedRows().isEmpty)
    let page = try Verification(of: scratch.path).page
    #expect(
        page.contains("no two rows are equal") && page.contains("no row is in two files") && !page.contains("note "))
}

@Test(arguments: [false, true]) func collapsedFeaturesAreNoted(_ isCompressed: Bool) throws {
    let scratch = try ScratchFolder()
    let row = distinctRows(1)
    try write(Array(repeating: row[0], count: 40), .train, to: scratch.path, compressed: isCompressed)
    let train = scratch.file("train.h5")
    let sentence = "40 of 40 rows are equal, such as 'train 0' and 'train 1'"
    #expect(try FeatureFolder(path: scratch.path).repeatedRows() == ["\(train): \(sentence)"])
    let verification = try Verification(of: scratch.path)
    #expect(verification.isSound && verification.page.contains(sentence))
}

@Test func rowsOfTestThatAreInTrainAreNoted() throws {
    let scratch = try ScratchFolder()
    let train = distinctRows(20)
    try write(train, .train, to: scratch.path)
    try write(distinctRows(4, seed: 2) + [train[7], train[3]], .test, to: scratch.path)
    let sentence =
        "2 of 6 rows of \(scratch.file("test.h5")) equal a row of \(scratch.file("train.h5")), such as 'test 4' and "
        + "'train 7'"
    #expect(try FeatureFolder(path: scratch.path).repeatedRows() == [sentence])
    #expect(try Verification(of: scratch.path).page.contains("note  shared rows"))
}

@Test func someRepeatedRowsAreCounted() throws {
    let scratch = try ScratchFolder()
    let rows = distinctRows(20)
    try write(rows + [rows[2], rows[5]], .val, to: scratch.path)
    #expect(
        try FeatureFolder(path: scratch.path).repeatedRows() == [
            "\(scratch.file("val.h5")): 4 of 22 rows equal another one, such as 'val 2' and 'val 20'"
        ])
}

@Test func nearlyEqualRowsAreNoted() throws {
    let scratch = try ScratchFolder()
    let row = distinctRows(1)[0]
    let noise = distinctRows(30, seed: 3)
    try write(noise.map { zip($0, row).map { $1 + $0 * 1e-4 } }, .test, to: scratch.path)
    let sentences = try FeatureFolder(path: scratch.path).repeatedRows()
    #expect(sentences.count == 1 && sentences[0].contains("the rows are nearly equal: their smallest cosine"))
}

@Test func partOfALargeFileIsCompared() throws {
    let scratch = try ScratchFolder()
    // 24 MiB, of which two blocks of 4 MiB are read.
    let row = [Float](repeating: 1, count: 1 << 16)
    try write(Array(repeating: row, count: 96), .train, to: scratch.path)
    let sentences = try FeatureFolder(path: scratch.path).repeatedRows(limit: 8 << 20)
    #expect(sentences.count == 1 && sentences[0].contains("32 of the 32 rows compared are equal"))
}
