import Core
import Foundation
import Reporting
import TestSupport
import Testing

@Test func checksumsEqualTheStandards() {
    // RFC 3720, B.4.
    #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.of([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.of((0 ..< 32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.of("123456789".utf8) == 0xE306_9283)
}

@Test func anEventFileEqualsTensorBoards() throws {
    var file = EventFile()
    file.append("loss", 0, step: 0)
    file.append("loss", 0.5, step: 300)
    #expect(try file.bytes == bytes(of: fixture("tensorboard.events")))
}

@Test func aCLIPBenchmarkFileContainsFractionsAndTheProtocol() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
        invented("gda", under: "paper", test: 87.5, more: ["test_top5": 99]) + invented("zero-shot"), "results.jsonl")
    let set = try ResultSet(reading: [path])
    #expect(try set.writeCLIPBenchmark(to: scratch.file("out"), replacing: false) == 2)
    let names = scratch.files(in: "out").keys.sorted()
    #expect(names == ["pets_gda.4shot.s1.paper.json", "pets_zero-shot.0shot.s1.val.json"])
    let gda = scratch.text("out/\(names[0])")
    for line in [
        "\"acc1\" : 0.875", "\"acc5\" : 0.99", "\"model\" : \"RN50\"", "\"pretrained\" : \"openai\"",
        "\"note\" : \"selected on test\"", "\"task\" : \"fewshot_classification\"",
    ] { #expect(gda.contains(line), "\(line)") }
    #expect(scratch.text("out/\(names[1])").contains("zeroshot_classification"))
    try scratch.write("mine", "out/\(names[0])")
    #expect(
        fault { _ = try set.writeCLIPBenchmark(to: scratch.file("out"), replacing: false) }?.status == .cannotCreate)
}

@Test func runsWithoutAFolderHaveNoEventFile() throws {
    let scratch = try ScratchFolder()
    let set = try ResultSet(reading: [scratch.write(inventedStudy(), "results.jsonl")])
    let (written, skipped) = try set.writeTensorBoardLog(to: scratch.file("out"), replacing: false)
    #expect(written == 0 && skipped == set.runs.count)
}
