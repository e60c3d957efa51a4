internal import ArgumentParser
internal import Command
internal import Core
internal import Studies

/// Names the best run of a study.
struct BestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best", abstract: "Name the best run of a study on validation, per feature folder.",
        discussion: """
            Of the runs with the most shots, it takes the method with the highest mean accuracy on validation over its \
            seeds, and of its runs the most accurate; of equal methods, the one with the fewest parameters. Methods \
            without a few-shot sample take part. Test accuracy plays no part.
            """)

    @Argument(help: "The output folder of a study.", completion: .directory)
    var study = "runs"

    @OptionGroup var printing: OutputOptions

    func run() throws {
        let best = try BestRun.all(in: study)
        guard !best.isEmpty else {
            throw Fault(
                .badData, study, found: "no run with an accuracy on validation", expected: "at least one",
                remedy: "train on features with a val subset, or name a run by its folder")
        }
        for run in best where run.has_other_validation_items {
            printMessage(
                "note: the runs on \(run.features) were validated on items that depend on the seed; "
                    + "train with --val full to compare them on the same items")
        }
        printing.print(best, page: best.map(Self.lines).joined())
    }

    private static func lines(_ run: BestRun) -> String { "\(run.features): \(run.sentence)\n  \(run.command)\n" }
}

extension BestRun {
    /// The command that predicts with the run.
    var command: String { "fewshot-train predict --run \(shellWord(path)) PHOTOS" }
}
