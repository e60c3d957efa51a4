import Adapter
import Core
import Foundation
import Studies
import TestSupport
import Testing

private func study(_ scratch: borrowing ScratchFolder, _ output: String) throws -> Study {
    var study = try smallStudy(in: scratch, methods(named: "zero-shot,gda,tip-adapter-f"), output: output)
    study.shots = [.count(1), .count(2)]
    study.seeds = [1, 2]
    return study
}

@Test(arguments: [1, 2, 3, 5, 9, 20]) func sharesMakeTheRunsOfOneStudy(tasks: Int) throws {
    let scratch = try ScratchFolder()
    let alone = try study(scratch, "alone")
    _ = try alone.run()
    var shared = try study(scratch, "shared")
    var dice = Dice(seed: UInt64(tasks))
    for task in (0 ..< tasks).shuffled(using: &dice) {
        shared.share = try StudyShare(task, of: tasks)
        _ = try shared.run()
    }
    #expect(!FileManager.default.fileExists(atPath: "\(shared.output)/results.jsonl"))
    shared.share = nil
    #expect(try shared.status(tasks: tasks).isComplete)
    _ = try shared.run()
    #expect(scratch.files(in: "shared") == scratch.files(in: "alone"))
}

@Test func statusNamesTheTasksThatAreLeft() throws {
    let scratch = try ScratchFolder()
    var study = try study(scratch, "runs")
    #expect(try study.status(tasks: 3).unfinishedTasks == [0, 1, 2])
    study.share = try StudyShare(1, of: 3)
    let done = try study.run().count
    #expect(done > 0)
    study.share = nil
    let status = try study.status(tasks: 3)
    #expect(status.unfinishedTasks == [0, 2] && status.done == done && status.runs == 9)
}

@Test func aCompleteStudyIsKnownByItsFolderAlone() throws {
    let scratch = try ScratchFolder()
    let study = try study(scratch, "runs")
    #expect(fault { _ = try StudyStatus(finished: study.output) }?.status == .noInput)
    let lines = try study.run()
    #expect(try !StudyFile.isUnfinished(study.output) && StudyStatus(finished: study.output) == study.status(tasks: 1))
    try FileManager.default.removeItem(atPath: scratch.file("runs/\(lines[0].run)"))
    try scratch.write("{}", "runs/\(lines[1].run)/run.json")
    let status = try StudyStatus(finished: study.output)
    #expect(status.missing == [lines[0].run] && Array(status.unusable.keys) == [lines[1].run] && status.done == 7)
    #expect(status.page(expression: nil).contains("run the command of the study again"))
    #expect(status.page(expression: "0").contains("resubmit: --array=0"))
}

@Test func statusSeesADamagedRun() throws {
    let scratch = try ScratchFolder()
    let study = try study(scratch, "runs")
    let run = try #require(try study.run().first { $0.method == "gda" }?.run)
    var bytes = scratch.bytes("runs/\(run)/adapter.safetensors")
    bytes[bytes.count / 2] ^= 4
    try scratch.write(bytes, "runs/\(run)/adapter.safetensors")
    let status = try study.status(tasks: 4)
    #expect(Array(status.unusable.keys) == [run] && status.unfinishedTasks.count == 1 && status.done == 8)
}

@Test(arguments: [(0, 0), (3, 3), (-1, 2), (0, 100_001)]) func aTaskThatThereIsNotIsRefused(task: Int, tasks: Int) {
    #expect(fault { _ = try StudyShare(task, of: tasks) }?.status == .configuration)
}
