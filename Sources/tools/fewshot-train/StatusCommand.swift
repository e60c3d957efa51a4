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
            Exits with 0 if all runs are done, otherwise with 75 and the numbers of the tasks to submit again, as an \
            array expression for --tasks.
            """)

    @OptionGroup var arguments: StudyArguments
    @Option(help: ArgumentHelp("Tasks that share the runs.", valueName: "n"))
    var tasks = 1
    @OptionGroup var printing: OutputOptions

    func run() throws {
        let status = try arguments.study().status(tasks: tasks)
        let expression = IndexExpression(status.unfinishedTasks).description
        printing.print(StatusReport(status, array: expression), page: status.page(expression: expression))
        guard status.isComplete else { throw ExitCode(ExitStatus.tryAgain.rawValue) }
    }
}
