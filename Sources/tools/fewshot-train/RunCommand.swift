internal import ArgumentParser
internal import Artifacts
internal import Command
internal import Datasets
internal import Studies
internal import Synchronization

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Train methods over shots and seeds, choose on validation, test once.")

    @Option(help: "The feature folder to train from.", completion: .directory)
    var features: String

    @Option(help: "Methods, separated by commas, or 'all'.")
    var method = "all"

    @Option(
        help:
            "Items of each class to train on, separated by commas, or 'all' for the train part as it stands (default: 1,2,4,8,16)."
    )
    var shots: String?

    @Option(help: "Seeds of the draws, as 1-3 or 1,5.")
    var seeds = "1-3"

    @Option(
        help:
            "The draw: coop, tip (train only; a small class is filled with repetition) or lpclip (CoOp's linear probe)."
    )
    var scheme = FewShotDraw.Scheme.coop

    @Option(name: .customLong("protocol"), help: "What epochs and settings are chosen on: val, fixed or paper.")
    var selection = SelectionProtocol.val

    @Option(help: "Validate on min(K,4) items a class (few-shot) or on the whole val part (full).")
    var val = ValidationSize.fewShot

    @Flag(help: "Search the published grid of alpha and beta instead of searching exactly.")
    var grid = false

    @Flag(help: "Keep the given alpha and beta.")
    var noSearch = false

    @Option(help: "A .npy file [epochs, items] of positions in the draw, to replay a given run.", completion: .file())
    var batchOrder: String?

    @Flag(help: "Go on where a class has fewer items than the shots ask for.")
    var allowFewer = false

    @Flag(help: "Train again where a run with other settings stands.")
    var replace = false

    @Option(name: [.short, .customLong("output")], help: "The folder that takes the runs.", completion: .directory)
    var output = "runs"

    @OptionGroup var settings: SettingOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var printing: OutputOptions

    func run() throws {
        threads.apply()
        let study = try makeStudy()
        let lines = try withStudyProgress(study) { study throws(Fault) in try study.run() }
        printing.print(lines, page: "\(ResultTable(lines))\n\(lines.count) results in \(output)/results.jsonl\n")
    }

    private func makeStudy() throws -> Study {
        var study = Study(features: [features], output: output, methods: try parseMethods(method))
        try settings.lay(over: &study)
        if let shots { study.shots = try parseShots(shots) }
        study.seeds = try parseNumbers(seeds, of: "--seeds")
        (study.scheme, study.selection, study.batchOrder) = (scheme, selection, batchOrder)
        (study.usesWholeValidation, study.usesGrid) = (val == .full, grid)
        study.searches = study.searches && !noSearch
        (study.allowsFewer, study.replaces) = (allowFewer, replace)
        study.events.shouldStop = { Interruption.isRequested }
        return study
    }
}

enum ValidationSize: String, ExpressibleByArgument, CaseIterable {
    case fewShot = "few-shot"
    case full
}

/// Runs a study with notes and a progress bar on stderr.
private func withStudyProgress(
    _ study: Study, _ body: (Study) throws(Fault) -> [ResultLine]
) throws(Fault) -> [ResultLine] {
    let board = RunBoard()
    var study = study
    study.events.note = { note in board.say("note: \(note)") }
    study.events.progress = { run, done, total in board.update(run, done, total) }
    study.events.finished = { line, reused in board.finish(line, reused: reused) }
    do throws(Fault) {
        return try body(study)
    } catch {
        board.clear()
        throw error
    }
}

/// What is shown of the run at hand.
private final class RunBoard: Sendable {
    private let current = Mutex<(run: String, bar: ProgressBar)?>(nil)

    func update(_ run: String, _ done: Int, _ total: Int) {
        current.withLock { current in
            if current?.run != run { current = (run, ProgressBar(run, unit: "steps")) }
            current?.bar.update(done, of: total)
        }
    }

    func finish(_ line: ResultLine, reused: Bool) {
        clear()
        let test = line.test_accuracy.map { ", test \(hundredths($0))" } ?? ""
        let val = line.val_accuracy.map { ", val \(hundredths($0))" } ?? ""
        printMessage("\(line.run): \(reused ? "reused" : "done")\(val)\(test)\(line.note.map { " (\($0))" } ?? "")")
    }

    func say(_ text: String) {
        clear()
        printMessage(text)
    }

    func clear() {
        current.withLock { current in
            current?.bar.clear()
            current = nil
        }
    }
}
