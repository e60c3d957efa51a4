internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting
internal import Studies

/// The option of a finished run.
struct RunArgument: ParsableArguments {
    @Option(
        name: .customLong("run"),
        help: """
            A run's folder, an adapter.safetensors, or a study's folder, which stands for the run that 'best' names.
            """, completion: .directory)
    var path: String

    func read() throws(Fault) -> SavedRun { try SavedRun(path: Self.path(of: path)) }

    /// The path of a run; for a study's folder, that of its best run, which a note names.
    static func path(of path: String) throws(Fault) -> String {
        guard try FileKind.found(at: path.appending(path: BestRun.resultsName)) != .absent,
            try FileKind.found(at: path.appending(path: "adapter.safetensors")) == .absent
        else { return path }
        let best = try BestRun.all(in: path)
        guard let run = best.first, best.count == 1 else {
            throw Fault(
                .usage, "--run",
                found: best.isEmpty
                    ? "a study without an accuracy on validation, \(path)"
                    : "a study of \(best.count) feature folders, \(path)",
                expected: "one run",
                remedy: best.isEmpty
                    ? "name a run's folder" : "name one of its best: \(best.map(\.path).joined(separator: ", "))")
        }
        printMessage("note: \(run.sentence)")
        return run.path
    }
}

extension BestRun {
    /// The run, its accuracy, and the number of methods that were compared.
    var sentence: String { "\(path): \(reason)" }

    /// The rule by which the run is the best.
    var reason: String {
        let rivals = methods == 1 ? "" : " of \(methods) methods"
        let accuracy = decimal(result.val_accuracy ?? 0, 2)
        return seeds == 1
            ? "best\(rivals) on validation\(withShots), \(accuracy) %"
            : "best seed, \(accuracy) %, of the method with the best mean\(rivals) on validation\(withShots), "
                + "\(decimal(mean, 2)) %"
    }

    private var withShots: String {
        switch shots {
        case nil: ""
        case .all: " with all shots"
        case .count(1): " with 1 shot"
        case .count(let count): " with \(count) shots"
        }
    }
}
