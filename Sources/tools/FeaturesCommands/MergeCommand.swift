internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction

/// Joins the shard outputs of a plan.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the shards of a plan into the feature files that one machine would write.",
        discussion: """
            Encodes the prompts, copies the rows of the shards, compares every byte with its checksum, and publishes \
            all files together. Exits with 75 if shards are missing; 'status' names them.
            """)

    @OptionGroup var plan: PlanArgument
    @Flag(
        help:
            "Write HDF5 virtual datasets over the shard files instead of copies. The shard files must stay in place."
    )
    var virtual = false
    @Flag(help: "Remove the shard files once the feature files are in place.")
    var removeParts = false
    @Flag(help: "Overwrite existing feature files.")
    var replace = false
    @OptionGroup var places: PlanPlaces
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func validate() throws {
        guard !(virtual && removeParts) else {
            throw ValidationError("--virtual needs the shard files, so --remove-parts cannot be given with it")
        }
    }

    func run() throws {
        threads.apply()
        let plan = try plan.read()
        var build = try places.build(plan, threads: threads.threads)
        build.replaces = replace
        let outcome = try withBuildProgress { [build] events throws(Fault) in
            try plan.merge(build, keepsParts: virtual, removesParts: removeParts, events)
        }
        result.print(outcome, of: build)
    }
}
