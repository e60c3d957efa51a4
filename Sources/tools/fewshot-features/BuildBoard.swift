internal import Command
internal import Core
internal import Extraction

/// Runs a build with notes and progress bars on stderr.
func withBuildProgress<Value>(_ body: (BuildEvents) throws(Fault) -> Value) throws(Fault) -> Value {
    let board = BuildBoard()
    var events = BuildEvents()
    events.note = { note in board.say("note: \(note)") }
    events.progress = { progress throws(Fault) in
        board.update(progress)
        try Interruption.check(progress.what)
    }
    do throws(Fault) {
        let outcome = try body(events)
        board.finish()
        return outcome
    } catch {
        board.finish()
        throw error
    }
}

/// The display of a running build.
private final class BuildBoard {
    private var current: (what: String, bar: ProgressBar, note: String)?

    func update(_ progress: BuildProgress) {
        if current?.what != progress.what {
            finish()
            let unit = ["images": "views", "merge": "images"][progress.what] ?? progress.what
            current = (progress.what, ProgressBar(progress.what, unit: unit), "")
        }
        let note = progress.stages.map { "\($0.stage) \(Self.rate($0.perSecond))/s" }.joined(separator: ", ")
        current?.note = note
        current?.bar.update(progress.done, of: progress.total, note: note)
        if progress.done == progress.total { finish() }
    }

    func say(_ text: String) {
        finish()
        printMessage(text)
    }

    func finish() {
        if let current { current.bar.finish(current.note.isEmpty ? "" : "stages alone: \(current.note)") }
        current = nil
    }

    private static func rate(_ perSecond: Double) -> String {
        perSecond >= 10 ? "\(Int(perSecond))" : "\(Double(Int(perSecond * 10)) / 10)"
    }
}
