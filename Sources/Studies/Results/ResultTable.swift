internal import Adapter

/// Results as a table for a terminal: one row per method, one column per number of shots.
public struct ResultTable: Sendable, CustomStringConvertible {
    private let lines: [ResultLine]
    /// The feature folder, if two tables have the same data set.
    private var folder: String?

    /// Creates a table of the results of one data set.
    public init(_ lines: [ResultLine]) { self.lines = lines }

    /// One table per trained or evaluated data set and protocol.
    public static func pages(_ lines: [ResultLine]) -> [String] {
        var groups: [(key: String, lines: [ResultLine])] = []
        for line in lines + harmonicMeans(lines) {
            let key = [
                folder(of: line), line.dataset, line.model ?? "", line.protocol.rawValue, line.classes ?? "",
                line.evaluation.map { "\($0)" } ?? "",
            ].joined(separator: "\n")
            if let place = groups.firstIndex(where: { $0.key == key }) {
                groups[place].lines.append(line)
            } else {
                groups.append((key, [line]))
            }
        }
        let subjects = groups.map { subject($0.lines[0]) }
        return groups.enumerated().map { index, group in
            var table = ResultTable(group.lines)
            let isAlone = subjects.count(where: { $0 == subjects[index] }) == 1
            if !isAlone { table.folder = folder(of: group.lines[0]) }
            return "\(table)"
        }
    }

    /// The name of the run's feature folder.
    private static func folder(of line: ResultLine) -> String {
        line.run.split(separator: "/").first.map(String.init) ?? ""
    }

    /// The harmonic mean of the accuracies on base and new classes of each run that was evaluated on both.
    private static func harmonicMeans(_ lines: [ResultLine]) -> [ResultLine] {
        lines.filter { $0.evaluation?.task == .new }.compactMap { new in
            let base = lines.first { $0.run == new.run && $0.evaluation == nil }
            guard let base = base?.test_accuracy, let accuracy = new.test_accuracy, base + accuracy > 0 else {
                return nil
            }
            var mean = new
            mean.test_accuracy = 2 * base * accuracy / (base + accuracy)
            mean.evaluation = nil
            mean.classes = "harmonic mean of base and new"
            return mean
        }
    }

    /// The mean test accuracy in percent, and its standard deviation over seeds.
    public var description: String {
        guard !lines.isEmpty else { return "no results\n" }
        var shots: [Shots] = []
        var methods: [String] = []
        for line in lines {
            if line.shots != .count(0), !shots.contains(line.shots) { shots.append(line.shots) }
            if !methods.contains(line.method) { methods.append(line.method) }
        }
        // Methods have the order of reports, not the order in which runs finish.
        let places = Dictionary(uniqueKeysWithValues: Adapter.methods.enumerated().map { ($1.name, $0) })
        methods.sort { places[$0, default: .max] < places[$1, default: .max] }
        let isSelectedOnTest = lines.contains { $0.protocol == .paper }
        let isTested = lines.contains { $0.test_accuracy != nil }
        let subject = Self.subject(lines[0]) + (folder.map { " (\($0))" } ?? "")
        let title =
            "\(subject), \(isTested ? "test" : "validation") accuracy in percent, protocol \(lines[0].protocol.rawValue)"
            + (isSelectedOnTest ? " (selected on test)" : "")
        let head = ["method"] + (shots.isEmpty ? ["0 shots"] : shots.map(Self.head))
        let rows = methods.map { method in
            [method] + (shots.isEmpty ? [.count(0)] : shots).map { cell(method, $0, tested: isTested) }
        }
        return title + "\n\n" + alignedText([head] + rows, labelCount: 1)
    }

    /// The data set and the classes that the numbers describe.
    private static func subject(_ line: ResultLine) -> String {
        let data = line.dataset + (line.model.map { ", \($0)" } ?? "")
        let trained = data + (line.classes.map { " (\($0) classes)" } ?? "")
        guard let evaluation = line.evaluation else { return trained }
        switch evaluation.task {
        case .new: return "\(data) (new classes, trained on \(line.classes ?? "others"))"
        case .shift: return "\(evaluation.dataset) (shift, trained on \(trained))"
        case .transfer: return "\(evaluation.dataset) (\(evaluation.classes) other classes, trained on \(trained))"
        }
    }

    private static func head(_ shots: Shots) -> String {
        switch shots {
        case .count(let count): count == 1 ? "1 shot" : "\(count) shots"
        case .all: "all items"
        }
    }

    private func cell(_ method: String, _ shots: Shots, tested: Bool) -> String {
        let values = lines.filter { $0.method == method && ($0.shots == shots || $0.shots == .count(0)) }
            .compactMap { tested ? $0.test_accuracy : $0.val_accuracy }
        return Summary(values)?.text(2) ?? "-"
    }
}
