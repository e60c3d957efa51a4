internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import Scheduling

/// Shows the progress of a plan.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which shards of a plan are done, missing or corrupt, from the files alone.",
        discussion: """
            Reads every shard file and compares its checksums; no queue is asked. Exits with 0 if only the merge is \
            left, otherwise with 75 and the numbers to submit again, as an array expression.
            """)

    @OptionGroup var plan: PlanArgument
    @OptionGroup var tasks: TaskArguments
    @Flag(help: "Check records, sizes and seals only, not the values of features.")
    var quick = false
    @OptionGroup var result: OutputOptions

    func run() throws {
        let status = try plan.status(of: plan.read(), everyByte: !quick)
        let expression = tasks.tasks(of: status.resubmit).description
        result.print(StatusReport(status, array: expression), page: status.page(expression: expression))
        guard status.isComplete else { throw ExitCode(ExitStatus.tryAgain.rawValue) }
    }
}
