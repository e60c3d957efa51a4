internal import ArgumentParser
internal import Command
internal import Core
internal import FoundationEssentials
internal import Reporting
internal import Scheduling
internal import Studies

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train methods on data sets, shots and seeds, choose on validation, test once.",
        discussion: """
            Options are given as flags, in a YAML file with the same names (features, methods, shots, seeds, protocol, \
            settings ...), or both; flags take precedence. Runs execute in parallel, and a failed run does not stop \
            the others. Finished runs are reused. After an interruption, the same command or --resume continues.
            """)

    @OptionGroup var arguments: StudyArguments
    @Option(
        help: ArgumentHelp(
            "Execute one of n shares of the runs, as a task of an array job. "
                + "The command without it gathers the results.",
            valueName: "n"))
    var tasks: Int?
    @Option(
        help: ArgumentHelp("The number of the share, from 0 (default: from the scheduler's variables).", valueName: "k")
    )
    var task: Int?
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var printing: OutputOptions

    func run() throws {
        threads.apply()
        var study = try arguments.study()
        study.share = try share()
        let outcome = try withStudyBoard(study) { study throws(Fault) in try study.outcome() }
        // Advice that cannot be given is no failure.
        let isWhole = study.share == nil && outcome.failures.isEmpty
        let next = isWhole && !printing.json ? (try? nextCommands(outcome, study)) ?? "" : ""
        for note in outcome.searchEndNotes { printMessage("note: \(note)") }
        printing.print(outcome.lines, page: page(outcome, study) + next)
        let outdated = outcome.outdated.map { $0.fault(in: study.output) }
        outdated.forEach { printMessage("fewshot-train: error: \($0)") }
        // Each failure was printed when it occurred.
        if let fault = outcome.failures.first?.fault ?? outdated.first { throw ExitCode(fault.status.rawValue) }
    }

    private func share() throws(Fault) -> StudyShare? {
        guard let tasks else {
            guard task == nil else {
                throw Fault(.usage, "--task", found: "no --tasks", expected: "--tasks n beside it", remedy: "add it")
            }
            return nil
        }
        if let task { return try StudyShare(task, of: tasks) }
        guard let found = try ArrayTask(environment: ProcessInfo.processInfo.environment) else {
            throw Fault(
                .usage, "--task", found: "no number, and no task of an array job",
                expected: "a number from 0 to \(tasks - 1)", remedy: "name the task")
        }
        return try StudyShare(found.index, of: tasks)
    }

    /// The commands that use the best run per feature folder, and those that train on labels that no run has used.
    private func nextCommands(_ outcome: StudyOutcome, _ study: Study) throws(Fault) -> String {
        let best = try BestRun.all(among: outcome.lines, in: study.output)
        var lines = best.map { run in
            "\(run.command)   # \(run.reason)"
        }
        for unused in try study.unusedItems() {
            let name = lastComponent(of: unused.features)
            guard let method = best.first(where: { $0.features == name })?.result.method else { continue }
            let selection = study.selection == .val ? "" : " --protocol \(study.selection.rawValue)"
            lines.append(
                "fewshot-train --features \(shellWord(unused.features)) --method \(method) --shots all\(selection) "
                    + "-o \(shellWord(study.output))   # uses \(unused.total) labeled items instead of \(unused.used)")
        }
        return lines.isEmpty ? "" : "next:\n" + lines.map { "  \($0)\n" }.joined()
    }

    private func page(_ outcome: StudyOutcome, _ study: Study) -> String {
        var page = ReportTable.pages(outcome.lines).joined(separator: "\n")
        page +=
            study.share.map {
                "\n\(outcome.lines.count) runs of task \($0.index) of \($0.count) in \(study.output)\n"
            } ?? "\n\(counted(outcome.lines.count, "result")) in \(study.output)/results.jsonl\n"
        if outcome.reusedCount > 0 { page += "\(counted(outcome.reusedCount, "run")) reused\n" }
        guard !outcome.failures.isEmpty else { return page }
        page += "\n\(outcome.failures.count) failed:\n"
        // A cause that many runs share is printed once.
        var causes: Set<String> = []
        for cause in outcome.failures.map({ "\($0.fault)" }) where causes.insert(cause).inserted {
            let runs = outcome.failures.filter { "\($0.fault)" == cause }
            page += "  \(cause)\n" + runs.map { "    \($0.run)\n" }.joined()
        }
        return page
    }
}
