public import ArgumentParser
public import Core
internal import Scheduling

/// What runs the workers.
public enum Engine: String, ExpressibleByArgument, CaseIterable {
    case slurm, ray
}

/// What the scheduler is asked for.
public struct SchedulerArguments: ParsableArguments {
    @Option(
        help:
            "slurm: an array job, and a job behind it that joins the results; ray: tasks of a Ray cluster, which 'fewshot-ray' starts."
    )
    public var engine = Engine.slurm
    @Option(help: ArgumentHelp("Slurm's partition.", valueName: "name"))
    public var partition: String?
    @Option(help: ArgumentHelp("Slurm's account.", valueName: "name"))
    public var account: String?
    @Option(help: ArgumentHelp("Cores of a task.", valueName: "n"))
    public var cpus = 2
    @Option(
        help: ArgumentHelp(
            "Time limit of a task, in minutes. (default: of features, one and a half times what is measured here, at least 5; of studies, the scheduler's)",
            valueName: "minutes"))
    public var time: Int?
    @Option(
        help: ArgumentHelp(
            "Memory of a task, as 4G. (default: of features, as the model needs; of studies, the scheduler's)",
            valueName: "size"))
    public var memory: ByteCount?
    @Option(help: ArgumentHelp("Tasks that may run at a time.", valueName: "n"))
    public var atOnce: Int?
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Further options of sbatch's, as '--qos=long --exclude=n7'.", valueName: "options"))
    public var sbatch: [String] = []
    @Flag(help: "Print scripts and commands, and submit nothing.")
    public var dryRun = false

    public init() {}

    public func validate() throws {
        guard (1 ... 4096).contains(cpus) else { throw ValidationError("--cpus takes 1 to 4096") }
        guard (1 ... 1_000_000).contains(time ?? 1) else { throw ValidationError("--time takes minutes from 1") }
        guard (1 ... 1_000_000).contains(atOnce ?? 1) else { throw ValidationError("--at-once takes numbers from 1") }
    }

    /// The options that sbatch takes besides.
    public var options: [String] {
        (partition.map { ["--partition=\($0)"] } ?? []) + (account.map { ["--account=\($0)"] } ?? [])
            + sbatch.flatMap { $0.split(separator: " ").map(String.init) }
    }
}

/// Hands this process over to the driver for Ray, or prints its command.
///
/// - Throws: `unavailable` where it is not installed.
public func runRay(_ words: [String], dryRun: Bool, environment: [String: String]) throws(Fault) {
    if dryRun { return printResult((["fewshot-ray"] + words).map(shellWord).joined(separator: " ") + "\n") }
    guard let program = findProgram("fewshot-ray", environment: environment) else {
        throw Fault(
            .unavailable, "fewshot-ray", found: "no such program on the PATH", expected: "the driver for Ray",
            remedy: "install it with 'pip install contrib/ray', from the sources of this program")
    }
    try becomeProgram([program] + words, environment: environment)
}
