import Command
import Testing

/// The line of `done` of 2194 views after `seconds`.
private func line(_ done: Int, seconds: Double, note: String = "") -> ProgressLine {
    var line = ProgressLine("images", unit: "views")
    line.done = done
    line.total = 2194
    line.seconds = seconds
    line.note = note
    return line
}

private let bar = String(repeating: "─", count: 24)

@Test func withoutAMeasurementThereIsNeitherARateNorATime() {
    #expect(line(0, seconds: 3).text(columns: 80) == "images \(bar) 0/2194 views")
    #expect(line(31, seconds: 0.001).text(columns: 80) == "images \(bar) 31/2194 views")
    #expect(line(25, seconds: 0.001).summary == "images: 25 views in 0.0 s")
}

@Test func ratesAreMeasuredFromTheStart() {
    #expect(line(308, seconds: 9.5).summary == "images: 308 views in 9.5 s, 32 views/s")
    #expect(line(100, seconds: 50).text(columns: 200).hasSuffix(" 100/2194 views, 2.0 views/s, 17 min 27 s left"))
}

@Test func theBarShrinksBeforeANumberIsLeftOut() {
    let line = line(1097, seconds: 40, note: "encode 25/s, decode 310/s, read 3000/s")
    let whole = "1097/2194 views, 27 views/s, 40 s left, encode 25/s, decode 310/s, read 3000/s"
    for columns in [79, 90, 109, 200] {
        let text = line.text(columns: columns)
        #expect(text.count <= columns && text.contains(", encode 25/s"), "\(columns): \(text)")
        #expect(columns < 95 || text.hasSuffix(whole), "\(columns): \(text)")
    }
    #expect(line.text(columns: 42).hasSuffix("1097/2194 views, 27 views/s"))
    // Colors take no columns.
    #expect(line.text(columns: 79, hasColor: true).count == line.text(columns: 79).count + 9)
}
