internal import Command
internal import Core
internal import Reporting
internal import Studies
internal import Synchronization

/// Runs a study with notes and a growing table on stderr.
func withStudyBoard<Value>(_ study: Study, _ body: (Study) throws(Fault) -> Value) throws(Fault) -> Value {
    let board = StudyBoard()
    var study = study
    study.events.note = { note in board.say("note: \(note)") }
    study.events.progress = { run, done, total in board.update(run, done, total) }
    study.events.advanced = { progress in board.advance(progress) }
    study.events.finished = { line, reused in board.finish(line, reused: reused) }
    study.events.failed = { run, fault in board.fail(run, fault) }
    defer { board.clear() }
    return try body(study)
}

/// The display of a running study: one line per run, and on a terminal the table so far and a progress bar.
private final class StudyBoard: Sendable {
    private struct State {
        var lines: [ResultLine] = []
        /// The steps of the current trainings by run.
        var steps: [String: (done: Int, total: Int)] = [:]
        var bar: ProgressBar?
        var progress: StudyProgress?
        /// The number of runs that were reported.
        var reported = 0
        var told = ContinuousClock.now
        var causes: Set<String> = []
    }

    private let block = TerminalBlock()
    private let state = Mutex(State())

    /// Shows the steps of all current runs beside the number of finished runs; of a single run, its steps alone.
    func update(_ run: String, _ done: Int, _ total: Int) {
        state.withLock { state in
            state.steps[run] = done < total ? (done, total) : nil
            if state.progress?.total ?? 1 > 1 { return draw(&state) }
            if state.bar == nil { state.bar = ProgressBar(run, unit: "steps") }
            state.bar?.update(done, of: total)
        }
    }

    /// Shows the progress of the study; where there is no terminal, a line every ten seconds.
    func advance(_ progress: StudyProgress) {
        state.withLock { state in
            state.progress = progress
            guard progress.total > 1 else { return }
            if state.bar == nil { state.bar = ProgressBar("training", unit: "runs", isEven: false) }
            draw(&state)
            guard !Terminal.isThere, progress.ended < progress.total else { return }
            guard let left = progress.left, ContinuousClock.now - state.told > .seconds(10) else { return }
            state.told = .now
            printMessage("\(progress.ended) of \(progress.total) runs, \(left)")
        }
    }

    func finish(_ line: ResultLine, reused: Bool) {
        state.withLock { state in
            state.steps[line.run] = nil
            state.lines.append(line)
            state.reported += 1
            let test = line.test_accuracy.map { ", test \(decimal($0, 2))" } ?? ""
            let val = line.val_accuracy.map { ", val \(decimal($0, 2))" } ?? ""
            let note = line.note.map { " (\($0))" } ?? ""
            clear(&state)
            printMessage("\(number(state))\(line.run): \(reused ? "reused" : "done")\(val)\(test)\(note)")
            let table = ReportTable.pages(state.lines.filter { $0.dataset == line.dataset }).first
            if let table { block.draw(table) }
        }
    }

    /// Prints the fault of a failed run; for further runs with the same fault, only their names.
    func fail(_ run: String, _ fault: Fault) {
        let isNew = state.withLock { $0.causes.insert("\(fault)").inserted }
        say(isNew ? "failed: \(run): \(fault)" : "failed: \(run), for the same reason")
    }

    func say(_ text: String) {
        state.withLock { state in
            clear(&state)
            printMessage(text)
        }
    }

    func clear() { state.withLock { clear(&$0) } }

    /// The number of a reported run among all, such as `[173/275] `.
    private func number(_ state: State) -> String {
        guard let total = state.progress?.total, total > 1 else { return "" }
        return "[\(state.reported)/\(total)] "
    }

    private func draw(_ state: inout State) {
        guard let progress = state.progress else { return }
        let steps = state.steps.values.reduce((0, 0)) { ($0.0 + $1.done, $0.1 + $1.total) }
        let training = steps.1 > 0 ? "\(steps.0)/\(steps.1) steps" : nil
        let note = [progress.left, training].compactMap(\.self).joined(separator: ", ")
        state.bar?.update(progress.ended, of: progress.total, note: note)
    }

    private func clear(_ state: inout State) {
        state.bar?.clear()
        block.erase()
    }
}

extension StudyProgress {
    /// The estimated remaining time; nil before there is an estimate.
    fileprivate var left: String? { remainingSeconds.map { "about \(ProgressLine.time($0)) left" } }
}
