internal import Command
internal import Core
internal import Extraction
internal import FeatureStore
internal import Splits

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

private final class BuildBoard {
    private var current: (what: String, bar: ProgressBar, note: String)?

    func update(_ progress: BuildProgress) {
        if current?.what != progress.what {
            finish()
            let unit = ["images": "views", "compare": "images", "merge": "images"][progress.what] ?? progress.what
            current = (progress.what, ProgressBar(progress.what, unit: unit), "")
        }
        // The slowest stage decides the time.
        let note = progress.stages.sorted { $0.perSecond < $1.perSecond }
            .map { "\($0.stage) \(Self.rate($0.perSecond))/s" }.joined(separator: ", ")
        current?.note = note
        current?.bar.update(progress.done, of: progress.total, note: note)
        if progress.done == progress.total { finish() }
    }

    func say(_ text: String) {
        finish()
        printMessage(text)
    }

    func finish() {
        guard var ended = current else { return }
        ended.bar.finish(ended.note.isEmpty ? "" : "stages alone: \(ended.note)")
        current = nil
    }

    private static func rate(_ perSecond: Double) -> String {
        perSecond >= 10 ? "\(Int(perSecond))" : "\(Double(Int(perSecond * 10)) / 10)"
    }
}

extension OutputOptions {
    /// Prints the files of a build, or of the merge of its shards.
    func print(_ outcome: BuildOutcome, of build: FeatureBuild) {
        for image in outcome.skipped { printMessage("left out: \(image.item): \(image.reason)") }
        print(outcome, page: page(outcome, build))
    }

    private func page(_ outcome: BuildOutcome, _ build: FeatureBuild) -> String {
        var lines = outcome.files.map { file in
            let size = file.part.size(count: file.count, views: file.views, width: file.width)
            return "\(file.path): \(size), \(file.type.rawValue)\(file.isReused ? ", reused" : "")"
        }
        if outcome.isReused { lines.append("reused") }
        let parts = outcome.files.map(\.part)
        if parts.contains(.train), parts.contains(.test) {
            func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
            let options = build.samples.map {
                " --shots \(list($0.shots)) --seeds \(list($0.seeds)) --scheme \($0.scheme.rawValue)"
                    + ($0.takesValFromTrain && !parts.contains(.val) ? " --val-from-train" : "")
            }
            lines.append("next: fewshot-train --features \(shellWord(build.output))\(options ?? "") -o runs")
        }
        return lines.map { "\($0)\n" }.joined()
    }
}
