import Archives
import Core
import Foundation
import Reporting
import TestSupport
import Testing

private let texts = ["", "a", "Übungsplatz 🏔️", "line\nbreak, \"quoted\"", "e"]
private let truths = [true, false, false, true, true]
private let floats: [Float] = [0, -1.5, .greatestFiniteMagnitude, 1e-30, 3]

private func columns(_ count: Int) -> [(name: String, values: ParquetTable.Values)] {
    func repeated<Value>(_ values: [Value]) -> [Value] { (0 ..< count).map { values[$0 % values.count] } }
    return [
        ("text", .texts(repeated(texts))), ("truth", .truths(repeated(truths))), ("x, y", .floats(repeated(floats))),
    ]
}

/// The second case has several pages per column.
@Test(arguments: [0, 1, 5, 70_003]) func aWrittenTableIsReadBack(count: Int) throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("table.parquet")
    try scratch.write(ParquetTable(columns(count)).bytes, "table.parquet")
    let file = try ParquetFile(path: path)
    #expect(file.rowCount == count && file.columns.map(\.name) == ["text", "truth", "x, y"])
    #expect(file.columns.map(\.isText) == [true, false, false])
    let found = try file.columns.map { column in
        try (0 ..< file.groupCount).flatMap { try file.values(column, group: $0) }
    }
    let rows = 0 ..< count
    #expect(found[0] == rows.map { .bytes(Array(texts[$0 % 5].utf8)[...]) })
    #expect(found[1] == rows.map { .truth(truths[$0 % 5]) })
    #expect(found[2] == rows.map { .number(Double(floats[$0 % 5])) })
}
