public import ArgumentParser
public import Core
internal import FoundationEssentials
public import Scheduling

/// The system that runs the workers.
public enum Engine: String, ExpressibleByArgument, CaseIterable {
    case slurm, ray
}

/// The options of scheduled jobs.
public struct SchedulerArguments: ParsableArguments {
    /// The system that runs the tasks.
    @Option(help: "slurm: an array job and a final merge job; ray: tasks on a Ray cluster, started by 'fewshot-ray'.")
    public var engine = Engine.slurm
    /// Slurm's partition.
    @Option(help: ArgumentHelp("Slurm's partition.", valueName: "name"))
    public var partition: String?
    /// Slurm's account.
    @Option(help: ArgumentHelp("Slurm's account.", valueName: "name"))
    public var account: String?
    /// The number of cores per task.
    @Option(help: ArgumentHelp("Cores of a task.", valueName: "n"))
    public var cpus = ArrayJob.defaultCores
    /// The time limit per task in minutes.
    @Option(
        help: ArgumentHelp(
            """
            Time limit per task in minutes. (default: for features, 1.5 times the measured time, at least 5; for \
            studies, the scheduler's)
            """,
            valueName: "minutes"))
    public var time: Int?
    /// The memory per task.
    @Option(
        help: ArgumentHelp(
            "Memory per task, such as 4G. (default: for features, the model's needs; for studies, the scheduler's)",
            valueName: "size"))
    public var memory: ByteCount?
    /// The maximum number of concurrent tasks.
    @Option(help: ArgumentHelp("Maximum number of concurrent tasks.", valueName: "n"))
    public var atOnce: Int?
    /// Additional options of sbatch.
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Additional options of sbatch, such as '--qos=long --exclude=n7'.", valueName: "options"))
    public var sbatch: [String] = []
    /// Whether scripts and commands are printed and not submitted.
    @Flag(help: "Print scripts and commands without submitting them.")
    public var dryRun = false

    /// Creates the options for parsing.
    public init() {}

    /// Checks the ranges.
    public func validate() throws {
        guard (1 ... 4096).contains(cpus) else { throw ValidationError("--cpus must be 1 to 4096") }
        guard (1 ... 1_000_000).contains(time ?? 1) else { throw ValidationError("--time must be at least 1 minute") }
        guard (1 ... 1_000_000).contains(atOnce ?? 1) else { throw ValidationError("--at-once must be at least 1") }
    }

    /// The given limits.
    public var request: TaskRequest { TaskRequest(memory: memory?.count, minutes: time) }

    /// The path of the tool `name`, by which jobs call it: this program, or the tool beside the program `fewshot`.
    public static func path(ofTool name: String) -> String {
        let given = CommandLine.arguments[0]
        let program = findProgram(given, environment: ProcessInfo.processInfo.environment) ?? given
        guard lastComponent(of: program) == "fewshot" else { return program }
        return parentFolder(of: program).appending(path: name)
    }

    /// Submits `job` with the given options, or prints the scripts and commands of a dry run.
    ///
    /// - Returns: what was submitted; nil after a dry run.
    public func submit(_ job: ArrayJob, to slurm: Slurm) throws(Fault) -> Slurm.Submission? {
        var job = job
        job.cpus = cpus
        job.atOnce = atOnce
        job.options = options
        guard dryRun else { return try slurm.submit(job) }
        printResult(Slurm.listing(of: job))
        return nil
    }

    /// Options of sbatch beyond those of this tool.
    private var options: [String] {
        (partition.map { ["--partition=\($0)"] } ?? []) + (account.map { ["--account=\($0)"] } ?? [])
            + sbatch.flatMap { $0.split(separator: " ").map(String.init) }
    }

    /// Replaces this process by the driver for Ray, which asks for the status itself, or prints its command.
    ///
    /// The tasks run `tool` on `subject`, a path with its options, in `memory` bytes each, since several share a node.
    ///
    /// - Throws: `unavailable` where the driver is not installed.
    public func runRay(
        _ subject: [String], tool: String, memory: Int?, _ more: [String] = []
    ) throws(Fault) {
        let words =
            [subject[0], "--tool", Self.path(ofTool: tool)] + subject.dropFirst() + ["--cpus", "\(cpus)"]
            + (memory.map { ["--memory", "\($0)"] } ?? []) + (atOnce.map { ["--at-once", "\($0)"] } ?? []) + more
        if dryRun { return printResult((["fewshot-ray"] + words).map(shellWord).joined(separator: " ") + "\n") }
        let environment = ProcessInfo.processInfo.environment
        guard let program = findProgram("fewshot-ray", environment: environment) else {
            throw Fault(
                .unavailable, "fewshot-ray", found: "no such program on the PATH", expected: "the driver for Ray",
                remedy: "install it with 'pip install contrib/ray', from the sources of this program")
        }
        try becomeProgram([program] + words, environment: environment)
    }
}

/// A status as JSON, with the tasks of an array job that do the rest.
public struct StatusReport<Status: Encodable>: Encodable {
    private let status: Status
    private let array: String

    /// Adds the array expression `array` to the fields of `status`.
    public init(_ status: Status, array: String) {
        self.status = status
        self.array = array
    }

    private enum Key: String, CodingKey { case array }

    /// Encodes the fields of the status and the array expression.
    public func encode(to encoder: any Encoder) throws {
        try status.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(array, forKey: .array)
    }
}
