internal import ArgumentParser
internal import Command
internal import Core
internal import Scheduling
internal import Studies

/// Shows the progress of a study.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which runs of a study are done, missing or unusable, from the run folders alone.",
        discussion: """
            Takes the options of 'run', or the output folder of a study alone. Exits with 0 if all runs are done, \
            otherwise with 75; with --tasks it prints the numbers of the tasks to submit again, as an array expression.
            """)

    @OptionGroup var arguments: StudyArguments
    @Option(help: ArgumentHelp("Tasks that share the runs.", valueName: "n"))
    var tasks: Int?
    @OptionGroup var printing: OutputOptions

    func run() throws {
        let status = try status()
        let expression = IndexExpression(status.unfinishedTasks).description
        let page = status.page(expression: tasks == nil ? nil : expression)
        printing.print(StatusReport(status, array: expression), page: page)
        guard status.isComplete else { throw ExitCode(ExitStatus.tryAgain.rawValue) }
    }

    /// The status of the given study, or of the one in the output folder.
    private func status() throws -> StudyStatus {
        var arguments = arguments
        if arguments.isOutputAlone {
            let output = arguments.output ?? Study().output
            guard StudyFile.isUnfinished(output) else { return try StudyStatus(finished: output) }
            arguments.resume = true
        }
        return try arguments.study().status(tasks: tasks ?? 1)
    }
}
