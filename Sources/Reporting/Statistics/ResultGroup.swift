internal import Studies

/// Results with a common protocol, model, and set of training classes, which may share curves and averages.
struct ResultGroup: Sendable {
    let selection: SelectionProtocol
    let model: String?
    /// The subset of classes used for training; nil for all.
    let classes: String?
    /// The runs, evaluated on their own test subsets.
    let runs: [ReportedRun]
    let datasets: [String]
    let methods: [String]
    /// The numbers of shots, without the 0 of methods that use none.
    let shots: [Shots]
    /// Whether the numbers are test accuracies; if nothing was tested, they are validation accuracies.
    let isTested: Bool

    private let values: [Key: [UInt64: Double]]

    private struct Key: Hashable {
        let method: String
        let dataset: String
        let shots: Shots
    }

    private init(_ runs: [ReportedRun]) {
        selection = runs[0].line.protocol
        model = runs[0].line.model
        classes = runs[0].line.classes
        self.runs = runs
        datasets = runs.map(\.line.dataset).unique
        methods = MethodOrder.sorted(runs.map(\.line.method))
        shots = Set(runs.map(\.line.shots)).subtracting([.count(0)]).sorted { $0.order < $1.order }
        isTested = runs.contains { $0.line.test_accuracy != nil }
        var values: [Key: [UInt64: Double]] = [:]
        for line in runs.map(\.line) {
            guard let value = isTested ? line.test_accuracy : line.val_accuracy else { continue }
            values[Key(method: line.method, dataset: line.dataset, shots: line.shots), default: [:]][line.seed] = value
        }
        self.values = values
    }

    /// Groups all runs, evaluated on their own test subsets, in order.
    static func groups(_ results: ResultSet) -> [ResultGroup] {
        results.runs.filter { $0.line.evaluation == nil }.grouped(by: \.group).map { ResultGroup($0) }
    }

    func contains(_ run: ReportedRun) -> Bool { run.group == runs[0].group }

    /// Summarizes a method over seeds on one data set, or on the average of all.
    func result(_ method: String, _ dataset: String?, _ shots: Shots) -> Summary? {
        guard let dataset else { return average(method, shots) }
        return summary(method, dataset, shots)
    }

    /// Summarizes a method over seeds; a method without shots has the same number for all.
    func summary(_ method: String, _ dataset: String, _ shots: Shots) -> Summary? {
        Summary(bySeed(method, dataset, shots).inOrder)
    }

    private func bySeed(_ method: String, _ dataset: String, _ shots: Shots) -> [UInt64: Double] {
        values[Key(method: method, dataset: dataset, shots: shots)]
            ?? values[Key(method: method, dataset: dataset, shots: .count(0))] ?? [:]
    }

    /// Averages a method over all data sets; nil if one of them has no result.
    ///
    /// The deviation is that of the means per seed if all data sets have the same seeds.
    func average(_ method: String, _ shots: Shots) -> Summary? {
        let results: [[UInt64: Double]] = datasets.map { bySeed(method, $0, shots) }
        let means = results.compactMap { Summary($0.inOrder)?.mean }
        guard means.count == datasets.count, let mean = Summary(means)?.mean else { return nil }
        let seeds = results[0].keys.sorted()
        guard results.allSatisfy({ $0.keys.sorted() == seeds }) else {
            return Summary(mean: mean, deviation: nil, count: results.map(\.count).min() ?? 0)
        }
        let ofSeed = seeds.compactMap { seed in Summary(results.compactMap { $0[seed] })?.mean }
        return Summary(mean: mean, deviation: Summary(ofSeed)?.deviation, count: seeds.count)
    }

    /// Whether a method uses no shots, so that its curve is a horizontal line.
    func isLevel(_ method: String) -> Bool {
        runs.allSatisfy { $0.line.method != method || $0.line.shots == .count(0) }
    }

    /// The protocol, and the methods that chose on test unless all did.
    var protocolCaption: String { runs.map(\.line).protocolCaption }

    /// The caption, such as `RN50, test accuracy in percent, protocol val`.
    var caption: String {
        let trained = classes.map { ", \($0) classes" } ?? ""
        let measure = isTested ? "test" : "validation"
        return "\(model ?? "model not recorded")\(trained), \(measure) accuracy in percent, \(protocolCaption)"
    }
}

extension ReportedRun {
    /// A key that is equal for results that may share a table: protocol, model, and classes.
    var group: [String?] { [line.protocol.rawValue, line.model, line.classes] }
}

extension [UInt64: Double] {
    /// The values in the order of their seeds, so that sums are reproducible bit for bit.
    var inOrder: [Double] { sorted { $0.key < $1.key }.map(\.value) }
}

extension Sequence where Element: Hashable {
    /// The elements without duplicates, in the order of their first occurrence.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Sequence {
    /// The elements with equal keys, in the order of the first element of each key.
    func grouped<Key: Hashable>(by key: (Element) -> Key) -> [[Element]] {
        let groups = Dictionary(grouping: self, by: key)
        return map(key).unique.compactMap { groups[$0] }
    }
}
