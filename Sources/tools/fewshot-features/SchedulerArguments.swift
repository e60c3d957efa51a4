internal import ArgumentParser

/// What runs the workers.
enum Engine: String, ExpressibleByArgument, CaseIterable {
    case slurm, ray
}

/// What the scheduler is asked for.
struct SchedulerArguments: ParsableArguments {
    @Option(help: "slurm: an array job and a merge behind it; ray: tasks of a Ray cluster, which 'fewshot-ray' starts.")
    var engine = Engine.slurm
    @Option(help: ArgumentHelp("Slurm's partition.", valueName: "name"))
    var partition: String?
    @Option(help: ArgumentHelp("Slurm's account.", valueName: "name"))
    var account: String?
    @Option(help: ArgumentHelp("Cores of a task.", valueName: "n"))
    var cpus = 2
    @Option(
        help: ArgumentHelp(
            "Time limit of a task, in minutes. (default: one and a half times what is measured here, at least 5)",
            valueName: "minutes"))
    var time: Int?
    @Option(help: ArgumentHelp("Memory of a task, as 4G. (default: as this model needs)", valueName: "size"))
    var memory: ByteCount?
    @Option(help: ArgumentHelp("Tasks that may run at a time.", valueName: "n"))
    var atOnce: Int?
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Further options of sbatch's, as '--qos=long --exclude=n7'.", valueName: "options"))
    var sbatch: [String] = []
    @Flag(help: "Print scripts and commands, and submit nothing.")
    var dryRun = false

    func validate() throws {
        guard (1 ... 4096).contains(cpus) else { throw ValidationError("--cpus takes 1 to 4096") }
        guard (1 ... 1_000_000).contains(time ?? 1) else { throw ValidationError("--time takes minutes from 1") }
        guard (1 ... 1_000_000).contains(atOnce ?? 1) else { throw ValidationError("--at-once takes numbers from 1") }
    }

    /// The options that sbatch takes besides.
    var options: [String] {
        (partition.map { ["--partition=\($0)"] } ?? []) + (account.map { ["--account=\($0)"] } ?? [])
            + sbatch.flatMap { $0.split(separator: " ").map(String.init) }
    }
}
