import Scheduling
import Testing

private func request(_ work: Double, memory: Int? = nil, minutes: Int? = nil) -> TaskRequest {
    TaskRequest(startSeconds: 60, workSeconds: work, workerMemory: 800 << 20, memory: memory, minutes: minutes)
}

@Test func aMeasuredTaskGetsMoreTimeAndMemoryThanItTook() {
    let long = request(6000)
    #expect(long.memory == 1000 << 20 && long.workerMemory == 800 << 20)
    #expect(long.minutes == 151 && long.minutesBehind == 151)
    #expect(request(1).minutes == 5 && request(1).minutesBehind == 60)
}

@Test func givenLimitsComeFirst() {
    #expect(request(6000, memory: 1 << 30, minutes: 7) == TaskRequest(memory: 1 << 30, minutes: 7))
    #expect(TaskRequest(memory: 1).workerMemory == 1 << 20 && TaskRequest().workerMemory == nil)
}

@Test func theLargestTaskHasTheMostWork() {
    #expect(ArrayJob.largestTask(of: [3, 1, 4, 1, 5], perTask: 2) == 5)
    #expect(ArrayJob.largestTask(of: [3, 1, 4, 1, 5], perTask: 4) == 9)
    #expect(ArrayJob.largestTask(of: [], perTask: 4) == 0)
}
