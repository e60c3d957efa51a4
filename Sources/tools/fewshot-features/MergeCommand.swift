internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction

/// Joins the parts of a plan.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the parts of a plan into the feature files that one machine would have written.",
        discussion: """
            Encodes the prompts, copies the parts' rows while every byte is compared with its checksum, and puts all files in place \
            together. Ends with 75 where shards are missing; 'status' names them.
            """)

    @OptionGroup var plan: PlanArgument
    @Flag(
        help:
            "Leave the rows in the parts, behind an HDF5 virtual dataset: no second copy, and the parts must stay where they are."
    )
    var virtual = false
    @Flag(help: "Remove the parts once the feature files are in place.")
    var removeParts = false
    @Flag(help: "Make the feature files anew where others stand.")
    var replace = false
    @OptionGroup var places: PlanPlaces
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func validate() throws {
        guard !(virtual && removeParts) else {
            throw ValidationError("--virtual needs the parts, so --remove-parts cannot be given with it")
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
