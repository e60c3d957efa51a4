import Archives
import Core
import Foundation
import TestSupport
import Testing

private let forms =
    ["none", "snappy", "gzip", "zstd"].flatMap { ["\($0)-v1", "\($0)-v2"] } + ["plain", "mixed"]

private func table(_ name: String) throws(Fault) -> ParquetFile {
    try ParquetFile(path: fixture("archives/\(name).parquet"))
}

private func values(_ file: ParquetFile, _ column: ParquetColumn) throws(Fault) -> [ParquetValue] {
    try (0 ..< file.groupCount).map { group throws(Fault) in try file.values(column, group: group) }.flatMap(\.self)
}

/// Parses a value in the form that `make_parquet_tables.py` writes.
private func value(_ json: Any, _ column: ParquetColumn) -> ParquetValue? {
    switch json {
    case is NSNull: return .null
    case let text as String: return .bytes(Array(text.utf8)[...])
    case let object as [String: String]:
        if let number = object["number"] { return Double(number).map { .number($0) } }
        let digits = Array(object["bytes"] ?? "")
        return .bytes(
            stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0 ... $0 + 1]), radix: 16) ?? 0 }[...])
    case let number as NSNumber:
        return column.storage == .boolean ? .truth(number.boolValue) : .integer(number.int64Value)
    default: return nil
    }
}

@Test(arguments: forms)
func aTableHasTheValuesThatPyarrowReads(form: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(bytes(of: fixture("archives/tables.json"))))
    let expected = try #require(json as? [String: [Any]])
    let file = try table(form)
    #expect(file.rowCount == 60)
    #expect(Set(file.columns.filter { !$0.isRepeated }.map(\.name)) == Set(expected.keys))
    for column in file.columns where !column.isRepeated {
        let wanted = expected[column.name]?.compactMap { value($0, column) }
        #expect(try values(file, column) == wanted, "\(form) \(column.name)")
    }
}

@Test(arguments: forms)
func rowsAreReadInAnyOrderAndWithAnyMemory(form: String) throws {
    let file = try table(form)
    let column = try file.imageColumn()
    #expect(column.name == "image.bytes")
    let values = try values(file, column)
    for limit in [0, 200, 1 << 20] {
        let source = ItemSource(folder: fixture("archives"), pageBytes: limit)
        var dice = Dice(seed: 3)
        for _ in 0 ..< 200 {
            let row = dice.below(values.count)
            let item = "\(form).parquet/\(row)"
            try source.require(item)
            guard case .bytes(let bytes) = values[row] else {
                #expect(fault { _ = try source.content(of: item) }?.found == "no bytes in this row")
                continue
            }
            #expect(try source.content(of: item).bytes() == Array(bytes), "\(item) with \(limit) bytes")
        }
    }
}

@Test func threadsThatReadRowsTogetherGetTheirOwn() throws {
    let source = ItemSource(folder: fixture("archives"), pageBytes: 100)
    let alone = try (0 ..< 7).map { row throws(Fault) in try source.content(of: "hf-train.parquet/\(row)").bytes() }
    for (row, name) in ["rgb.jpg", "gray.jpg", "rgb.png", "plain.gif", "plain.bmp", "alpha.png", "lossless.webp"]
        .enumerated()
    {
        #expect(try alone[row] == bytes(of: fixture("images/\(name)")))
    }
    DispatchQueue.concurrentPerform(iterations: 70) { index in
        #expect((try? source.content(of: "hf-train.parquet/\(index % 7)").bytes()) == alone[index % 7])
    }
}

@Test(arguments: [
    ("hf-test.parquet/3", "no such row in the file, which has 3"),
    ("hf-test.parquet/-1", "no such row in the file, which has 3"),
    ("hf-test.parquet/01", "no such row in the file, which has 3"),
    ("hf-test.parquet/label/1", "no bytes in column 'label'"),
    ("none-v1.parquet/fixed/60", "no such row in the file, which has 60"),
    ("none-v1.parquet/tags/0", "lists in column 'tags.list.element'"),
    ("brotli.parquet/0", "the codec BROTLI in column 'image.bytes'"),
])
func aRowThatIsNoneIsRefusedInASentence(item: String, found: String) {
    let source = ItemSource(folder: fixture("archives"))
    let refused = fault { _ = try source.content(of: item) }
    #expect(refused?.found == found, "\(String(describing: refused))")
}

@Test func aColumnThatIsNotReadIsRefusedByName() throws {
    let delta = try table("delta")
    let refused = fault { _ = try delta.values(delta.columns[0], group: 0) }
    #expect(refused?.found == "the encoding DELTA_BINARY_PACKED in column 'whole'")
    let lists = try table("plain")
    let tags = try #require(lists.columns.first { $0.isRepeated })
    #expect(fault { _ = try lists.values(tags, group: 0) }?.found == "lists in column 'tags.list.element'")
}

@Test func whatHuggingFaceSaysOfColumnsIsKnown() throws {
    let file = try table("hf-train")
    #expect(file.features?.images == ["image"])
    #expect(file.features?.classNames == ["label": ["AnnualCrop", "sea_lake"]])
    #expect(try table("plain").features == nil)
}

@Test func aTableThatIsCutAnywhereIsRefused() throws {
    let scratch = try ScratchFolder()
    let whole = try bytes(of: fixture("archives/hf-test.parquet"))
    for count in [0, 3, 11, 12, 100, whole.count - 100, whole.count - 1] {
        let path = try scratch.write(whole[..<count], "cut.parquet")
        #expect(fault { _ = try ParquetFile(path: path) }?.status == .badData, "\(count) bytes")
    }
}

/// A mutated table is refused, or its columns have the number of values that it claims.
@Test func noMutationOfATableCrashesOrMakesUpRows() throws {
    let scratch = try ScratchFolder()
    let plan = MutationPlan()
    var dice = Dice(seed: plan.seed)
    let originals = try (forms + ["hf-train", "hf-test"]).map { try bytes(of: fixture("archives/\($0).parquet")) }
    var read = 0
    var refused = 0
    func refuse(_ fault: Fault, _ path: String, _ round: Int) {
        #expect(flaw(in: fault, naming: path) == nil, "seed \(plan.seed), round \(round): \(fault)")
        refused += 1
    }
    for round in plan.rounds(10_000) {
        var mutated = originals[round % originals.count]
        // Half of them in the footer, which is what the rest is read by.
        let isFooter = dice.below(2) == 0
        if isFooter { mutated.reverse() }
        dice.damage(&mutated, dense: isFooter ? 1500 : mutated.count)
        if isFooter { mutated.reverse() }
        let path = try scratch.write(mutated, "a.parquet")
        do throws(Fault) {
            let file = try ParquetFile(path: path)
            for (column, group) in file.columns.flatMap({ column in (0 ..< file.groupCount).map { (column, $0) } }) {
                do throws(Fault) {
                    let rows = try file.values(column, group: group).count
                    #expect(rows <= file.rowCount, "seed \(plan.seed), round \(round)")
                    read += 1
                } catch { refuse(error, path, round) }
            }
            let source = ItemSource(folder: scratch.path)
            for row in [0, 1, file.rowCount - 1] {
                do throws(Fault) { _ = try source.content(of: "a.parquet/\(row)").bytes() } catch { refused += 1 }
            }
        } catch { refuse(error, path, round) }
    }
    #expect(read > 0 && refused > 0)
}
