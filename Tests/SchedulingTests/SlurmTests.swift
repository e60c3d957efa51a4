import Core
import Foundation
import Scheduling
import TestSupport
import Testing

/// A folder of replacements for Slurm's programs that record their arguments.
private final class StandIn {
    let scratch: ScratchFolder

    /// Creates the programs, which append their arguments to a list, one per line; sbatch numbers jobs from 41 on.
    init(sbatch: String = "echo $((40 + $(grep -c parsable sbatch.words)))", scontrol: String = "true") throws {
        scratch = try ScratchFolder()
        try put("sbatch", sbatch)
        try put("scontrol", scontrol)
        try put("scancel", "true")
    }

    var environment: [String: String] { ["PATH": "\(scratch.path):/usr/bin:/bin", "ROOM": scratch.path] }

    /// Writes a program by another process.
    ///
    /// A concurrent test could otherwise inherit the file open for writing, and then the program could not be run.
    func put(_ name: String, _ lines: String) throws {
        let text = "#!/bin/sh\ncd \"$ROOM\"\nprintf '%s\\n' \"$@\" >> \(name).words\n\(lines)\n"
        let write = #"printf %s "$1" > "$0"; chmod +x "$0""#
        let done = try ProgramRun(["/bin/sh", "-c", write, scratch.file(name), text], environment: [:])
        try #require(done.status == 0)
    }

    /// Returns the arguments of all calls of a program.
    func words(_ name: String) -> [String] { scratch.text("\(name).words").split(separator: "\n").map(String.init) }

    func job(_ tasks: [Int], task: [String] = ["worker"]) -> ArrayJob {
        var job = ArrayJob(output: scratch.path, task: task, tasks: IndexExpression(tasks), behind: ["merge"])
        job.name = "pets"
        return job
    }

    /// Runs the script of a task like Slurm; the shell commands `before` and `request` surround its start, and
    /// `$script` is its process number.
    func runTask(_ job: ArrayJob, restarts: Int? = nil, before: String = "", request: String = "") throws -> Int32 {
        let script = try scratch.write(Slurm.steps(of: job)[0].script, "array.sh")
        var variables = environment.merging(["SLURM_ARRAY_JOB_ID": "41", "SLURM_ARRAY_TASK_ID": "5"]) { $1 }
        if let restarts { variables["SLURM_RESTART_COUNT"] = "\(restarts)" }
        let lines = "cd \"$ROOM\"\n\(before)\nsh \(script) & script=$!\n\(request)\nwait $script"
        return try ProgramRun(["/bin/sh", "-c", lines], environment: variables).status
    }
}

@Test func theArrayAndTheMergeAreSubmitted() throws {
    let standIn = try StandIn()
    var job = standIn.job([0, 1, 2, 3, 7])
    job.atOnce = 2
    job.cpus = 4
    job.request.memory = 3 << 30 + 1
    job.request.minutes = 90
    job.request.minutesBehind = 120
    job.options = ["--partition=cpu", "--account=vision"]
    let submitted = try Slurm(environment: standIn.environment).submit(job)
    #expect(submitted.array == "41" && submitted.merge == "42" && submitted.tasks == "0-3,7")
    let jobs = standIn.scratch.file("jobs")
    func shared(minutes: Int) -> [String] {
        ["--nodes=1", "--ntasks=1", "--cpus-per-task=4", "--mem=3073M", "--time=\(minutes)", "--signal=B:TERM@60"]
            + ["--partition=cpu", "--account=vision"]
    }
    let array = [
        "--job-name=pets", "--output=\(jobs)/array-%A_%a.log", "--array=0-3,7%2", "--requeue", "--open-mode=append",
    ]
    let merge = ["--job-name=pets-merge", "--output=\(jobs)/merge-%j.log", "--dependency=afterany:41"]
    let first = ["--parsable"] + array + shared(minutes: 90) + ["\(jobs)/array.sh"]
    let second = ["--parsable"] + merge + shared(minutes: 120) + ["\(jobs)/merge.sh"]
    #expect(standIn.words("sbatch") == first + second)
}

@Test func onlyTheMergeIsSubmittedIfNoTaskIsLeft() throws {
    let standIn = try StandIn()
    let submitted = try Slurm(environment: standIn.environment).submit(standIn.job([]))
    #expect(submitted.array == nil && submitted.merge == "41" && submitted.tasks == "")
    let words = standIn.words("sbatch")
    #expect(!words.contains { $0.hasPrefix("--array") || $0.hasPrefix("--dependency") })
}

@Test func argumentsReachTheTaskUnchanged() throws {
    let standIn = try StandIn()
    try standIn.put("worker", "true")
    let words = ["", "two words", "it's", "a\"b", "$HOME", "`id`", "*", "\\n", "~", "-x", "a;b", "naïve & more", "#c"]
    let status = try standIn.runTask(standIn.job([1], task: [standIn.scratch.file("worker")] + words))
    #expect(status == 0)
    #expect(standIn.scratch.text("worker.words") == words.map { "\($0)\n" }.joined())
}

@Test(
    arguments: [
        (75, nil, true), (75, 2, true), (75, 3, false), (0, nil, false), (65, nil, false), (78, 1, false),
        (137, nil, false),
    ] as [(Int32, Int?, Bool)])
func aTaskIsRequeuedAtMostThreeTimes(status: Int32, restarts: Int?, again: Bool) throws {
    let standIn = try StandIn()
    try standIn.put("worker", "exit \(status)")
    let job = standIn.job([1], task: [standIn.scratch.file("worker")])
    #expect(try standIn.runTask(job, restarts: restarts) == status)
    #expect(standIn.words("scontrol") == (again ? ["requeue", "41_5"] : []))
}

@Test func aRequestToStopReachesTheWorkerAndItsStatusTheQueue() throws {
    let standIn = try StandIn()
    // The worker ends only after a delay, during which the script must wait.
    try standIn.put(
        "worker",
        """
        trap 'kill $!; echo > asked; read line < finish; exit 75' TERM
        sleep 1000 & echo > ready; wait $!
        """)
    let job = standIn.job([1], task: [standIn.scratch.file("worker")])
    let status = try standIn.runTask(
        job, before: "mkfifo ready asked finish",
        request: "read line < ready; kill -TERM $script; read line < asked; echo > finish")
    #expect(status == 75)
    #expect(standIn.words("scontrol") == ["requeue", "41_5"])
}

@Test func aRejectionIsReportedWithSlurmsMessage() throws {
    let standIn = try StandIn(
        sbatch: "echo 'sbatch: error: invalid partition' >&2; echo 'sbatch: error: and more' >&2; exit 1")
    let found = fault { _ = try Slurm(environment: standIn.environment).submit(standIn.job([1])) }
    #expect(found?.status == .unavailable && found?.subject == "sbatch")
    #expect(found?.found == "the error 'sbatch: error: invalid partition sbatch: error: and more'")
}

@Test func anArrayWhoseMergeIsRejectedIsCancelled() throws {
    let standIn = try StandIn(sbatch: "if [ -e once ]; then exit 3; fi; : > once; echo '17;main'")
    let found = fault { _ = try Slurm(environment: standIn.environment).submit(standIn.job([1])) }
    #expect(found?.found == "exit status 3")
    #expect(standIn.words("scancel") == ["17"])
    #expect(standIn.words("sbatch").contains("--dependency=afterany:17"))
}

@Test func missingSlurmIsReported() throws {
    let scratch = try ScratchFolder()
    let job = ArrayJob(output: scratch.path, task: ["b"], tasks: IndexExpression([0]), behind: ["c"])
    let found = fault { _ = try Slurm(environment: ["PATH": scratch.path]).submit(job) }
    #expect(found?.status == .unavailable && found?.found == "no such program on the PATH")
    let unusable = try StandIn()
    try unusable.scratch.write("\u{7F}ELF", "sbatch")
    #expect(
        fault { _ = try Slurm(environment: unusable.environment).submit(unusable.job([1])) }?.status == .unavailable)
}

@Test(
    arguments: [
        ("echo 'MaxArraySize            = 1001'", 1001), ("echo 'MaxArraySize = 0'", nil), ("echo hello", nil),
        ("exit 1", nil),
    ] as [(String, Int?)])
func theMaximumArraySizeIsReadFromTheCluster(answer: String, size: Int?) throws {
    let standIn = try StandIn(scontrol: answer)
    let slurm = Slurm(environment: standIn.environment)
    #expect((try? slurm.maximumArraySize()) == size)
    if size == nil { #expect(fault { try slurm.maximumArraySize() }?.status == .unavailable) }
}

@Test func surplusShardsShareTasks() {
    #expect(ArrayJob.shardsPerTask(of: 1001, maximum: 1001) == 1)
    #expect(ArrayJob.shardsPerTask(of: 1002, maximum: 1001) == 2)
    #expect(ArrayJob.shardsPerTask(of: 10, maximum: 1001, atLeast: 4) == 4)
    #expect(ArrayJob.shardsPerTask(of: 0, maximum: 5) == 1)
    #expect(ArrayJob.tasks(with: [0, 1, 2, 9, 11], perTask: 3).description == "0,3")
}

@Test func aLongListOfTasksBecomesARange() {
    let many = ArrayJob(
        output: "a", task: ["b"], tasks: IndexExpression((0 ..< 50_000).map { $0 * 2 }), behind: ["c"])
    #expect(Slurm.steps(of: many)[0].command.contains("--array=0-99998"))
}

@Test func theResultOfAProgramIsComplete() throws {
    func run(_ line: String) throws -> ProgramRun {
        try ProgramRun(["/bin/sh", "-c", line, "two words"], environment: ["NAME": "vàlue"])
    }
    let result = try run("cat; echo \"$0\"; echo \"$NAME\" >&2; exit 9")
    #expect(result.status == 9 && result.output == "two words\n" && result.messages == "vàlue\n")
    #expect(try run("kill -9 $$").status == 137)
    // More output than a pipe holds, on both files.
    let much = try run("head -c 300000 /dev/zero | tee /dev/stderr")
    #expect(much.output.utf8.count == 300_000 && much.messages.utf8.count == 300_000)
}
