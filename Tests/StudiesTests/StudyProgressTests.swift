import Adapter
import Core
import Studies
import Synchronization
import TestSupport
import Testing

private func kind(_ method: String, _ items: Int, folder: String = "photos") -> RunTimes.Kind {
    RunTimes.Kind(folder: folder, method: method, items: items)
}

@Test func theRemainingTimeIsUnknownUntilEveryMethodIsMeasured() {
    let kinds = [kind("fast", 10), kind("slow", 10), kind("fast", 20), kind("slow", 20)]
    var times = RunTimes(kinds, isDone: [false, false, false, false], threads: 1)
    #expect(times.progress == StudyProgress(total: 4, ended: 0, remainingSeconds: nil))
    times.end(0, seconds: 1)
    #expect(times.progress.ended == 1 && times.progress.remainingSeconds == nil)
    times.end(1, seconds: 50)
    // In proportion to the number of items.
    #expect(times.progress.remainingSeconds == 102.0)
    times.end(2, seconds: 3)
    #expect(times.progress.remainingSeconds == 100)
    times.end(3, seconds: 90)
    #expect(times.progress == StudyProgress(total: 4, ended: 4, remainingSeconds: nil))
}

@Test func runsThatWereDoneBeforeTakeNoTime() {
    let kinds = [kind("a", 10), kind("a", 10), kind("a", 10), kind("b", 10)]
    var times = RunTimes(kinds, isDone: [true, false, false, true], threads: 2)
    times.end(0, seconds: nil)
    #expect(times.progress.remainingSeconds == nil)
    times.end(1, seconds: 4)
    // A single run occupies one thread.
    #expect(times.progress.remainingSeconds == 4)
    times.end(2, seconds: nil)
    #expect(times.progress.remainingSeconds == 0)
}

@Test func threadsShareTheRemainingRuns() {
    let kinds = [RunTimes.Kind](repeating: kind("a", 10), count: 9)
    var times = RunTimes(kinds, isDone: kinds.map { _ in false }, threads: 2)
    times.end(0, seconds: 3)
    #expect(times.progress.remainingSeconds == 12)
}

@Test func aRunningStudyTellsHowManyRunsHaveEnded() throws {
    let scratch = try ScratchFolder()
    let seen = Mutex<[StudyProgress]>([])
    var study = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self])
    study.shots = [.count(1), .count(2)]
    study.events.advanced = { progress in seen.withLock { $0.append(progress) } }
    #expect(try study.outcome().reusedCount == 0)
    #expect(seen.withLock { $0.map(\.ended) } == [0, 1, 2, 3] && seen.withLock { $0.allSatisfy { $0.total == 3 } })
    #expect(try study.outcome().reusedCount == 3)
}
