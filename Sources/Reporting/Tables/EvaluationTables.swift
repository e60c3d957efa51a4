internal import Studies

/// The evaluations of one kind with a common protocol and model.
struct EvaluationGroup: Sendable {
    let task: ResultLine.Evaluation.Task
    let selection: SelectionProtocol
    let model: String?
    private let runs: [ReportedRun]
    /// The results of the same trainings on their own test subsets.
    private let sources: [ReportedRun]

    static func groups(_ results: ResultSet) -> [EvaluationGroup] {
        let own = results.runs.filter { $0.line.evaluation == nil }
        let tasks: [ResultLine.Evaluation.Task] = [.new, .shift, .transfer]
        return tasks.flatMap { task in
            results.runs.filter { $0.line.evaluation?.task == task }.grouped(by: \.group).map { runs in
                EvaluationGroup(
                    task: task, selection: runs[0].line.protocol, model: runs[0].line.model, runs: runs,
                    sources: own.filter { $0.group == runs[0].group })
            }
        }
    }

    /// Returns one table per training data set.
    func tables(_ options: TableOptions) -> [ReportTable] {
        runs.map(\.line.dataset).unique.map { dataset in
            var table = task == .new ? baseToNew(dataset) : elsewhere(dataset)
            table.finish(options.decimals)
            return table
        }
    }

    /// The protocol, and the methods that chose on test unless all did.
    var protocolCaption: String { runs.map(\.line).protocolCaption }

    /// The heading of a section of these tables.
    var title: String {
        switch task {
        case .new: "Base to new classes"
        case .shift: "Domain shift"
        case .transfer: "Transfer to other data sets"
        }
    }

    /// Returns a table of base and new accuracies and their harmonic mean.
    private func baseToNew(_ dataset: String) -> ReportTable {
        var table = table(dataset, ["base", "new", "harmonic mean"]) { method, shots in
            let base = bySeed(sources, dataset, method, shots)
            let new = bySeed(runs, dataset, method, shots)
            let harmonic = base.compactMap { seed, base in
                new[seed].map { (seed, base + $0 > 0 ? 2 * base * $0 / (base + $0) : 0) }
            }
            return [base, new, Dictionary(harmonic) { $1 }].map { Summary($0.inOrder) }
        }
        table.notes = ["The harmonic mean is taken of each run, and then averaged."]
        return table
    }

    /// Returns a table of the training data set, the other data sets, and the average of the others.
    private func elsewhere(_ dataset: String) -> ReportTable {
        let targets = runs.filter { $0.line.dataset == dataset }.compactMap(\.line.evaluation?.dataset).unique
            .sorted { (BenchmarkOrder.position(of: $0), $0) < (BenchmarkOrder.position(of: $1), $1) }
        let last = targets.count > 1 ? ["average of the others"] : []
        return table(dataset, [dataset] + targets + last) { method, shots in
            let own = Summary(bySeed(sources, dataset, method, shots).inOrder)
            let others = targets.map { target in
                Summary(
                    bySeed(runs.filter { $0.line.evaluation?.dataset == target }, dataset, method, shots).inOrder)
            }
            let means = others.compactMap { $0?.mean }
            let average = means.count == targets.count ? Summary(means).flatMap { Summary([$0.mean]) } : nil
            return [own] + others + last.map { _ in average }
        }
    }

    /// Returns a table with one row per method and number of shots, whose numbers are those of `row`.
    private func table(
        _ dataset: String, _ heads: [String], row: (_ method: String, Shots) -> [Summary?]
    ) -> ReportTable {
        let trained = "trained on \(runs[0].line.classes.map { "the \($0) classes of " } ?? "")\(dataset)"
        var table = ReportTable(
            caption:
                "\(title): \(model ?? "model not recorded"), \(trained), accuracy in percent, \(protocolCaption)",
            labelHeads: ["method", "shots"], heads: heads)
        for lines in runs.map(\.line).filter({ $0.dataset == dataset }).grouped(by: \.method) {
            let title = MethodOrder.title(of: lines[0].method)
            for shots in lines.map(\.shots).unique {
                table.rows.append(.init([title, shots.description], row(lines[0].method, shots)))
            }
        }
        return table
    }

    private func bySeed(
        _ runs: [ReportedRun], _ dataset: String, _ method: String, _ shots: Shots
    ) -> [UInt64: Double] {
        var values: [UInt64: Double] = [:]
        for line in runs.map(\.line) where line.dataset == dataset && line.method == method && line.shots == shots {
            if let value = line.test_accuracy { values[line.seed] = value }
        }
        return values
    }
}
