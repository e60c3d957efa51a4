internal import ArgumentParser
internal import Artifacts
internal import CLIP
internal import Command
internal import Datasets
internal import Extraction
internal import FeatureStore
internal import Images

/// Encodes the images and prompts of a split.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Encode a split's images and prompts with a CLIP: no Python, no GPU.",
        discussion: """
            Makes train.h5 (a plain view and --views random ones of each image), val.h5, test.h5 and text.h5. Killed or \
            stopped, the same command goes on where it was, and the files are the same to the byte. What was made in the same way is \
            reused; where one setting differs it is named, and nothing is touched without --extend or --replace. \
            Images that cannot be read are listed in errors.tsv; the command then ends with 65, unless --skip-bad allows as many.
            """)

    @Option(
        help: ArgumentHelp("The split, ours or CoOp's.", valueName: "file"), completion: .file(extensions: ["json"]))
    var split: String
    @Option(
        help: ArgumentHelp("The data root, in which the data set's folder lies.", valueName: "folder"),
        completion: .directory)
    var root: String
    @OptionGroup var model: ModelArguments
    @Option(
        help: ArgumentHelp(
            "Template sets and files, joined by '+': tip, imagenet80, own.txt, tip+cupl.json.", valueName: "choice"))
    var prompts = "tip"
    @OptionGroup var views: ViewArguments
    @OptionGroup var draws: DrawArguments
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The feature folder to make.", valueName: "folder"),
        completion: .directory)
    var output: String
    @OptionGroup var work: WorkArguments
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func run() throws {
        threads.apply()
        let build = try makeBuild()
        if work.dryRun {
            let summary = try build.summary()
            return result.print(summary, page: summary.page)
        }
        let outcome = try withBuildProgress { events throws(Fault) in try build.run(events) }
        for image in outcome.skipped { printMessage("left out: \(image.item): \(image.reason)") }
        result.print(BuildReport(outcome), page: page(outcome))
    }

    private func makeBuild() throws(Fault) -> FeatureBuild {
        var build = FeatureBuild(split: split, root: root, model: model.model, output: output)
        (build.dataset, build.prompts, build.truncates) = (draws.dataset, prompts, work.truncate)
        (build.vocabulary, build.activation, build.precision) = (model.vocabulary, model.activation, model.precision)
        (build.views, build.viewSeed) = (views.views, views.viewSeed)
        (build.augmentation, build.passes) = (views.augmentation, views.passes)
        (build.type, build.maximumSkipped, build.memory) = (work.dtype, work.skipBad, work.maxMemory?.count)
        (build.extends, build.replaces, build.threads) = (work.extend, work.replace, threads.threads)
        build.draws = try draws.request()
        return build
    }

    private func page(_ outcome: BuildOutcome) -> String {
        var lines = outcome.files.map { file in
            let names = file.part == .text ? ("classes", "prompts") : ("items", "views")
            let size = "\(file.count) \(names.0) x \(file.views) \(names.1) x \(file.width)"
            return "\(file.path): \(size), \(file.type.rawValue)\(file.isReused ? ", reused" : "")"
        }
        if outcome.isReused { lines.append("reused") }
        let parts = outcome.files.map(\.part)
        if parts.contains(.train), parts.contains(.test) {
            let drawn = draws.shots.map { " --shots \($0) --seeds \(draws.seeds) --scheme \(draws.scheme.rawValue)" }
            lines.append("next: fewshot-train --features \(shellWord(output))\(drawn ?? "") -o runs")
        }
        return lines.map { "\($0)\n" }.joined()
    }
}

/// The outcome as JSON.
private struct BuildReport: Encodable {
    let files: [BuildOutcome.File]
    let skipped: [UnusableImage]
    let stages: [StageRate]
    let seconds: Double

    init(_ outcome: BuildOutcome) {
        (files, skipped) = (outcome.files, outcome.skipped)
        (stages, seconds) = (outcome.stages, outcome.seconds)
    }
}

/// Runs a build with notes, a bar for prompts and one for images on stderr.
private func withBuildProgress(_ body: (BuildEvents) throws(Fault) -> BuildOutcome) throws(Fault) -> BuildOutcome {
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

/// What is shown of the build at hand.
private final class BuildBoard {
    private var current: (what: String, bar: ProgressBar, note: String)?

    func update(_ progress: BuildProgress) {
        if current?.what != progress.what {
            finish()
            let unit = progress.what == "images" ? "views" : progress.what
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
