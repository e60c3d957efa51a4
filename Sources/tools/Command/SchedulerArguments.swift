public import ArgumentParser
public import Core
internal import Scheduling

/// The system that runs the workers.
public enum Engine: String, ExpressibleByArgument, CaseIterable {
    case slurm, ray
}

/// The options of scheduled jobs.
public struct SchedulerArguments: ParsableArguments {
    @Option(
        help:
            "slurm: an array job and a final merge job; ray: tasks on a Ray cluster, started by 'fewshot-ray'."
    )
    public var engine = Engine.slurm
    @Option(help: ArgumentHelp("Slurm's partition.", valueName: "name"))
    public var partition: String?
    @Option(help: ArgumentHelp("Slurm's account.", valueName: "name"))
    public var account: String?
    @Option(help: ArgumentHelp("Cores per task.", valueName: "n"))
    public var cpus = 2
    @Option(
        help: ArgumentHelp(
            """
            Time limit per task in minutes. (default: for features, 1.5 times the measured time, at least 5; for \
            studies, the scheduler's)
            """,
            valueName: "minutes"))
    public var time: Int?
    @Option(
        help: ArgumentHelp(
            "Memory per task, such as 4G. (default: for features, the model's needs; for studies, the scheduler's)",
            valueName: "size"))
    public var memory: ByteCount?
    @Option(help: ArgumentHelp("Maximum number of concurrent tasks.", valueName: "n"))
    public var atOnce: Int?
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Additional options of sbatch, such as '--qos=long --exclude=n7'.", valueName: "options"))
    public var sbatch: [String] = []
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

    /// The additional options for sbatch.
    public var options: [String] {
        (partition.map { ["--partition=\($0)"] } ?? []) + (account.map { ["--account=\($0)"] } ?? [])
            + sbatch.flatMap { $0.split(separator: " ").map(String.init) }
    }
}

/// Replaces this process by the driver for Ray, or prints its command.
///
/// - Throws: `unavailable` if the driver is not installed.
public func runRay(_ words: [String], dryRun: Bool, environment: [String: String]) throws(Fault) {
    if dryRun { return printResult((["fewshot-ray"] + words).map(shellWord).joined(separator: " ") + "\n") }
    guard let program = findProgram("fewshot-ray", environment: environment) else {
        throw Fault(
            .unavailable, "fewshot-ray", found: "no such program on the PATH", expected: "the driver for Ray",
            remedy: "install it with 'pip install contrib/ray' from the sources of fewshot")
    }
    try becomeProgram([program] + words, environment: environment)
}
