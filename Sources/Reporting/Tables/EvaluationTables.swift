internal import Studies

/// The evaluations of one kind with a common protocol and model.
struct EvaluationGroup: Sendable {
    let task: ResultLine.Evaluation.Task
    let selection: SelectionProtocol
    let model: String?
    let classes: String?
    let runs: [ReportedRun]
    /// The results of the same trainings on their own test subsets.
    let sources: [ReportedRun]

    /// Groups the evaluations in `results`.
    static func groups(_ results: ResultSet) -> [EvaluationGroup] {
        var groups: [EvaluationGroup] = []
        let tasks: [ResultLine.Evaluation.Task] = [.new, .shift, .transfer]
        for task in tasks {
            let runs = results.runs.filter { $0.line.evaluation?.task == task }
            for key in runs.map(\.groupKey).unique {
                let members = runs.filter { $0.groupKey == key }
                guard let first = members.first?.line else { continue }
                groups.append(
                    EvaluationGroup(
                        task: task, selection: first.protocol, model: first.model, classes: first.classes,
                        runs: members,
                        sources: results.runs.filter { $0.line.evaluation == nil && $0.groupKey == key }))
            }
        }
        return groups
    }

    /// Returns one table per training data set.
    func tables(_ options: TableOptions) -> [ReportTable] {
        runs.map(\.line.dataset).unique.map { dataset in
            var table = task == .new ? baseToNew(dataset) : elsewhere(dataset)
            table.markBest(options.decimals)
            table.noteDeviations()
            return table
        }
    }

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
        var table = table(dataset, ["base", "new", "harmonic mean"])
        for (method, shots) in series(dataset) {
            let base = bySeed(sources, dataset, method, shots)
            let new = bySeed(runs, dataset, method, shots)
            let harmonic = base.compactMap { seed, base in
                new[seed].map { (seed, base + $0 > 0 ? 2 * base * $0 / (base + $0) : 0) }
            }
            let summaries = [base, new, Dictionary(harmonic) { $1 }].map { Summary($0.inOrder) }
            table.append(method, shots, summaries)
        }
        table.notes = ["The harmonic mean is taken of each run, and then averaged."]
        return table
    }

    /// Returns a table of the training data set, the other data sets, and the average of the others.
    private func elsewhere(_ dataset: String) -> ReportTable {
        let targets = runs.filter { $0.line.dataset == dataset }.compactMap(\.line.evaluation?.dataset).unique
            .sorted { (BenchmarkOrder.position(of: $0), $0) < (BenchmarkOrder.position(of: $1), $1) }
        var table = table(dataset, [dataset] + targets + (targets.count > 1 ? ["average of the others"] : []))
        for (method, shots) in series(dataset) {
            let others = targets.map { target in
                Summary(
                    bySeed(runs.filter { $0.line.evaluation?.dataset == target }, dataset, method, shots).inOrder)
            }
            let means = others.compactMap { $0?.mean }
            let average = means.count == targets.count ? Summary(means).flatMap { Summary([$0.mean]) } : nil
            let last = targets.count > 1 ? [average] : []
            table.append(method, shots, [source(dataset, method, shots)] + others + last)
        }
        return table
    }

    private func table(_ dataset: String, _ heads: [String]) -> ReportTable {
        let trained = "trained on \(classes.map { "the \($0) classes of " } ?? "")\(dataset)"
        return ReportTable(
            caption:
                "\(title): \(model ?? "model not recorded"), \(trained), accuracy in percent, \(selection.caption)",
            labelHeads: ["method", "shots"], heads: heads, rows: [])
    }

    private func series(_ dataset: String) -> [(method: String, shots: Shots)] {
        let lines = runs.map(\.line).filter { $0.dataset == dataset }
        return lines.map(\.method).unique.flatMap { method in
            lines.filter { $0.method == method }.map(\.shots).unique.map { (method, $0) }
        }
    }

    private func source(_ dataset: String, _ method: String, _ shots: Shots) -> Summary? {
        Summary(bySeed(sources, dataset, method, shots).inOrder)
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

extension ReportTable {
    fileprivate mutating func append(_ method: String, _ shots: Shots, _ summaries: [Summary?]) {
        rows.append(
            .init(
                labels: [method, shots.description], cells: summaries.map { $0.map { .init(value: $0) } },
                series: shots.description))
    }
}

extension ReportedRun {
    /// A key that is equal for results of one table.
    fileprivate var groupKey: [String] { [line.protocol.rawValue, line.model ?? "", line.classes ?? ""] }
}
