import Core
import Scheduling
import TestSupport
import Testing

@Test(arguments: [
    (["SLURM_ARRAY_TASK_ID": "42"], 42), (["AWS_BATCH_JOB_ARRAY_INDEX": "0"], 0), (["JOB_COMPLETION_INDEX": "7"], 7),
    (["PBS_ARRAY_INDEX": "3"], 3), (["PBS_ARRAYID": "3"], 3), (["SGE_TASK_ID": "1"], 0), (["LSB_JOBINDEX": "5"], 4),
    (["SGE_TASK_ID": "undefined", "SLURM_ARRAY_TASK_ID": "2"], 2), (["LSB_JOBINDEX": "0", "PBS_ARRAYID": "9"], 9),
    (["PBS_ARRAY_INDEX": "4", "SLURM_ARRAY_TASK_ID": "4"], 4),
]) func theTaskIsReadFromEveryScheduler(environment: [String: String], index: Int) throws {
    #expect(try ArrayTask(environment: environment)?.index == index)
}

@Test(arguments: [[:], ["SGE_TASK_ID": "undefined"], ["LSB_JOBINDEX": "0"], ["SLURM_ARRAY_TASK_ID": ""]])
func thereIsNoTaskOutsideOfAnArray(environment: [String: String]) throws {
    #expect(try ArrayTask(environment: environment) == nil)
}

@Test(arguments: [
    ["SLURM_ARRAY_TASK_ID": "-1"], ["SLURM_ARRAY_TASK_ID": "x"], ["SGE_TASK_ID": "0"],
    ["SLURM_ARRAY_TASK_ID": "1", "PBS_ARRAY_INDEX": "2"], ["JOB_COMPLETION_INDEX": "99999999999999999999"],
]) func anInvalidTaskIsRejectedWithItsVariable(environment: [String: String]) {
    let found = fault { _ = try ArrayTask(environment: environment) }
    #expect(found?.status == .configuration && environment[found?.subject ?? ""] != nil)
}

@Test func tasksCoverTheShardsWithoutGapOrOverlap() throws {
    for (count, perTask) in [(0, 3), (1, 3), (7, 3), (9, 3), (5, 1), (5, 100), (5, Int.max)] {
        var all: [Int] = []
        for index in 0 ..< 10 {
            let task = try #require(try ArrayTask(environment: ["SLURM_ARRAY_TASK_ID": "\(index)"]))
            all += Array(task.shards(of: count, perTask: perTask))
        }
        #expect(all == Array(0 ..< count))
    }
}

@Test func anExpressionIsParsedAsWritten() throws {
    #expect(IndexExpression([9, 0, 1, 2, 3, 7, 10, 11, 12, 3]).description == "0-3,7,9-12")
    #expect(IndexExpression([Int]()).description == "")
    var dice = Dice(seed: 11)
    for _ in 0 ..< 200 {
        let expression = IndexExpression((0 ..< 1 + dice.below(30)).map { _ in dice.below(60) })
        #expect(IndexExpression(expression.description) == expression, "\(expression)")
    }
    for text in ["", ",", "1,", "-1", "3-1", "1-2-3", "a", "0-2000000", "1-", "0-999999,5000000-5999999"] {
        #expect(IndexExpression(text) == nil, "\(text)")
    }
}

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
