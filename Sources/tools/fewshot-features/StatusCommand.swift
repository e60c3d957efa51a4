internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import Foundation
internal import Scheduling

/// Tells how far a plan is.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell from the files alone which shards of a plan are done, missing or corrupt.",
        discussion: """
            Every part is read and compared with its checksums; no queue is asked. Ends with 0 where nothing is left to do but the merge, \
            else with 75 and the numbers to submit again, as an array expression.
            """)

    @OptionGroup var plan: PlanArgument
    @OptionGroup var tasks: TaskArguments
    @Flag(help: "Look at records, sizes and seals only; damage inside of features is not seen.")
    var quick = false
    @OptionGroup var result: OutputOptions

    func run() throws {
        let plan = try plan.read()
        let status = try withProgress("status", unit: "shards") { progress throws(Fault) in
            try plan.status(everyByte: !quick, progress: progress)
        }
        let expression = tasks.tasks(of: status.resubmit).description
        result.print(StatusReport(status, array: expression), page: status.page(expression: expression))
        guard status.isComplete else { throw ExitCode(ExitStatus.tryAgain.rawValue) }
    }
}
