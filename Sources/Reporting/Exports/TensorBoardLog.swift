internal import Adapter
public import Core
internal import Studies

extension ResultSet {
    /// Writes one event file per run with an existing folder to the folder of the run's name below `folder`.
    ///
    /// - Returns: the number of written or equal existing files, and the number of runs without a folder.
    public func writeTensorBoardLog(
        to folder: String, replacing: Bool
    ) throws(Fault) -> (written: Int, skipped: Int) {
        try requireUniqueNames()
        let own = runs.filter { $0.line.evaluation == nil }
        let known = try own.map { run throws(Fault) in try run.recorded() }.compactMap { $0 }
        for run in known {
            try ReportFile.publish(
                EventFile(of: run.line, log: try run.log()).bytes,
                to: folder.appending(path: "\(run.line.run)/events.out.tfevents.0.fewshot"), replacing: replacing)
        }
        return (known.count, own.count - known.count)
    }

    /// Rejects two results with the same output path.
    func requireUniqueNames() throws(Fault) {
        var seen: Set<String> = []
        for run in runs where !seen.insert(run.line.key).inserted {
            throw Fault(
                .usage, run.folder, found: "a run of the same name in another result file",
                expected: "unique names", remedy: "export the files to separate folders")
        }
    }
}

extension EventFile {
    /// Creates the scalars of a run: losses and learning rates per step, accuracies per epoch, and the final results.
    fileprivate init(of line: ResultLine, log: TrainingLog?) {
        self.init()
        var last = 0
        var lastOfEpoch: [Int: Int] = [:]
        for step in log?.steps ?? [] {
            append("loss/total", step.loss, step: step.step)
            for (name, value) in step.parts.sorted(by: { $0.key < $1.key }) {
                append("loss/\(name)", value, step: step.step)
            }
            append("learning_rate", step.learning_rate, step: step.step)
            lastOfEpoch[step.epoch] = step.step
            last = max(last, step.step)
        }
        for epoch in log?.epochs ?? [] {
            let step = lastOfEpoch[epoch.epoch] ?? last
            if let value = epoch.val_accuracy { append("accuracy/val", value, step: step) }
            if let value = epoch.test_accuracy_selected_on_test {
                append("accuracy/test_selected_on_test", value, step: step)
            }
        }
        let suffix = line.note != nil ? "_selected_on_test" : ""
        if let value = line.val_accuracy { append("final/val", value, step: last) }
        if let value = line.test_accuracy { append("final/test\(suffix)", value, step: last) }
    }
}
