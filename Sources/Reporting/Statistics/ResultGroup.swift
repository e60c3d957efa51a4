internal import Studies

/// Results that may share a curve and an average: one protocol, one model, the same classes trained on.
struct ResultGroup: Sendable {
    let selection: SelectionProtocol
    let model: String?
    /// Which of the classes were trained on; nil for all.
    let classes: String?
    /// The runs on their own test parts.
    let runs: [ReportedRun]
    let datasets: [String]
    let methods: [String]
    /// Without the 0 of methods that take none.
    let shots: [Shots]
    /// Whether the numbers are of the test part; of validation where nothing was tested.
    let isTested: Bool

    private let values: [Key: [UInt64: Double]]

    private struct Key: Hashable {
        let method: String
        let dataset: String
        let shots: Shots
    }

    private init(_ runs: [ReportedRun], like first: ResultLine) {
        (selection, model, classes) = (first.protocol, first.model, first.classes)
        self.runs = runs
        datasets = runs.map(\.line.dataset).unique
        methods = runs.sorted { $0.methodOrder < $1.methodOrder }.map(\.line.method).unique
        shots = Set(runs.map(\.line.shots)).subtracting([.count(0)]).sorted { $0.order < $1.order }
        isTested = runs.contains { $0.line.test_accuracy != nil }
        var values: [Key: [UInt64: Double]] = [:]
        for line in runs.map(\.line) {
            guard let value = isTested ? line.test_accuracy : line.val_accuracy else { continue }
            values[Key(method: line.method, dataset: line.dataset, shots: line.shots), default: [:]][line.seed] = value
        }
        self.values = values
    }

    /// The groups of all runs on their own test parts, in order.
    static func groups(_ results: ResultSet) -> [ResultGroup] {
        let own = results.runs.filter { $0.line.evaluation == nil }
        var groups: [(first: ResultLine, runs: [ReportedRun])] = []
        for run in own {
            let line = run.line
            if let index = groups.firstIndex(where: {
                ($0.first.protocol, $0.first.model, $0.first.classes) == (line.protocol, line.model, line.classes)
            }) {
                groups[index].runs.append(run)
            } else {
                groups.append((line, [run]))
            }
        }
        return groups.map { ResultGroup($0.runs, like: $0.first) }
    }

    /// Over the seeds of a method; a method that takes no shots has one number for all.
    func summary(_ method: String, _ dataset: String, _ shots: Shots) -> Summary? {
        Summary(bySeed(method, dataset, shots).inOrder)
    }

    private func bySeed(_ method: String, _ dataset: String, _ shots: Shots) -> [UInt64: Double] {
        values[Key(method: method, dataset: dataset, shots: shots)]
            ?? values[Key(method: method, dataset: dataset, shots: .count(0))] ?? [:]
    }

    /// The mean over all data sets; nil where one of them has no result.
    ///
    /// The deviation is that of each seed's mean, where every data set has the same seeds.
    func average(_ method: String, _ shots: Shots) -> Summary? {
        let results: [[UInt64: Double]] = datasets.map { bySeed(method, $0, shots) }
        let means = results.compactMap { Summary($0.inOrder)?.mean }
        guard means.count == datasets.count, let mean = Summary(means)?.mean else { return nil }
        let seeds = results[0].keys.sorted()
        guard results.allSatisfy({ $0.keys.sorted() == seeds }) else {
            return Summary(mean: mean, deviation: nil, count: results.map(\.count).min() ?? 0)
        }
        let ofSeed: [Double] = seeds.map { seed in
            let values = results.compactMap { $0[seed] }
            return values.reduce(0, +) / Double(values.count)
        }
        return Summary(mean: mean, deviation: Summary(ofSeed)?.deviation, count: seeds.count)
    }

    /// Whether a method takes no shots, so that it is a level line.
    func isLevel(_ method: String) -> Bool {
        runs.allSatisfy { $0.line.method != method || $0.line.shots == .count(0) }
    }

    /// What its numbers are: `test accuracy in percent, protocol val`, with the model and classes before it.
    var caption: String {
        let trained = classes.map { ", \($0) classes" } ?? ""
        return "\(model ?? "model not recorded")\(trained), \(measure) accuracy in percent, \(selection.caption)"
    }

    var measure: String { isTested ? "test" : "validation" }
}

extension ReportedRun {
    fileprivate var methodOrder: [OrderKey] { [.number(MethodOrder.position(of: line.method)), .text(line.method)] }
}

extension [UInt64: Double] {
    /// The values in the order of their seeds, so that sums have the same bits each time.
    var inOrder: [Double] { sorted { $0.key < $1.key }.map(\.value) }
}

extension Sequence where Element: Hashable {
    /// Each element once, where it first stands.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
