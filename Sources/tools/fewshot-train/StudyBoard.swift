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
    study.events.finished = { line, reused in board.finish(line, reused: reused) }
    study.events.failed = { run, fault in board.fail(run, fault) }
    defer { board.clear() }
    return try body(study)
}

/// The display of a running study: one line per run, and on a terminal the table so far and a progress bar.
private final class StudyBoard: Sendable {
    private struct State {
        var lines: [ResultLine] = []
        var bars: [String: (done: Int, total: Int)] = [:]
        var bar: ProgressBar?
        var causes: Set<String> = []
    }

    private let block = TerminalBlock()
    private let state = Mutex(State())

    /// Shows the steps of all current runs in one bar.
    func update(_ run: String, _ done: Int, _ total: Int) {
        state.withLock { state in
            state.bars[run] = (done, total)
            let sums = state.bars.values.reduce((0, 0)) { ($0.0 + $1.done, $0.1 + $1.total) }
            if state.bar == nil { state.bar = ProgressBar(state.bars.count == 1 ? run : "training", unit: "steps") }
            state.bar?.update(sums.0, of: sums.1)
        }
    }

    func finish(_ line: ResultLine, reused: Bool) {
        state.withLock { state in
            state.bars[line.run] = nil
            state.lines.append(line)
            let test = line.test_accuracy.map { ", test \(decimal($0, 2))" } ?? ""
            let val = line.val_accuracy.map { ", val \(decimal($0, 2))" } ?? ""
            let note = line.note.map { " (\($0))" } ?? ""
            clear(&state)
            state.bar = nil
            printMessage("\(line.run): \(reused ? "reused" : "done")\(val)\(test)\(note)")
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

    private func clear(_ state: inout State) {
        state.bar?.clear()
        block.erase()
    }
}
