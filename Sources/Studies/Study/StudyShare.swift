internal import Adapter
public import Core

/// The share of a study's runs that one task of an array job executes.
public struct StudyShare: Sendable, Equatable {
    /// The number of the task, from 0.
    public let index: Int
    /// The number of tasks.
    public let count: Int

    /// Creates the share of task `index` of `count`.
    ///
    /// - Throws: `configuration` for a task that does not exist.
    public init(_ index: Int, of count: Int) throws(Fault) {
        guard (1 ... 100_000).contains(count) else {
            throw .configuration(option: "tasks", found: "\(count)", expected: "1 to 100000")
        }
        guard (0 ..< count).contains(index) else {
            throw .configuration(
                option: "task", found: "\(index)", expected: "0 to \(count - 1) for \(count) tasks")
        }
        self.index = index
        self.count = count
    }
}

/// The progress of a study, from its run folders alone.
public struct StudyStatus: Sendable, Encodable, Equatable {
    /// The number of runs.
    public let runs: Int
    /// The number of finished runs.
    public let done: Int
    /// Tasks with unfinished runs, ascending.
    public let unfinishedTasks: [Int]
    /// Names of the runs without a result.
    public let missing: [String]
    /// Faults of the damaged runs and those with other settings, by name.
    public let unusable: [String: String]
    /// Faults of the runs that cannot be executed, by name.
    public let impossible: [String: String]

    private enum CodingKeys: String, CodingKey { case runs, done, missing, unusable, impossible }

    /// Whether every possible run is done.
    public var isComplete: Bool { missing.isEmpty && unusable.isEmpty }

    /// The status for a reader; `expression` names the unfinished tasks for a scheduler, and is nil for a study that
    /// one process runs.
    public func page(expression: String?) -> String {
        var lines = ["\(done) of \(runs) runs done, \(missing.count) missing, \(unusable.count) unusable"]
        lines += unusable.sorted { $0.key < $1.key }.prefix(20).map { "  \($0.key): \($0.value)" }
        lines += impossible.sorted { $0.key < $1.key }.prefix(20).map { "  impossible: \($0.key): \($0.value)" }
        if let expression, !expression.isEmpty { lines.append("resubmit: --array=\(expression)") }
        if expression == nil, !missing.isEmpty { lines.append("run the command of the study again to train the rest") }
        return lines.map { "\($0)\n" }.joined()
    }
}

extension StudyStatus {
    /// Reads the folder of every run that the results of the complete study in `output` name.
    ///
    /// - Throws: `noInput` without results.
    public init(finished output: String) throws(Fault) {
        let path = output.appending(path: BestRun.resultsName)
        guard case .file = try FileKind.found(at: path) else {
            throw Fault(
                .noInput, path, found: "no results", expected: "the output folder of a study",
                remedy: "name the folder with \(option: "output"), or the study by its \(option: "features")")
        }
        var missing: [String] = []
        var unusable: [String: String] = [:]
        var seen: Set<String> = []
        for name in try ResultLine.lines(of: path).map(\.run) where seen.insert(name).inserted {
            let folder = RunFolder(output.appending(path: name))
            do throws(Fault) {
                if let record = try folder.record() { try folder.verify(record) } else { missing.append(name) }
            } catch {
                unusable[name] = "\(error)"
            }
        }
        self.init(
            runs: seen.count, done: seen.count - missing.count - unusable.count,
            unfinishedTasks: missing.isEmpty && unusable.isEmpty ? [] : [0], missing: missing, unusable: unusable,
            impossible: [:])
    }
}

extension Study {
    /// Reads every run's folder; `tasks` is the number of tasks that share the runs.
    ///
    /// - Throws: what the study throws before its first run.
    public func status(tasks: Int) throws(Fault) -> StudyStatus {
        _ = try StudyShare(0, of: tasks)
        let plan = try StudyPlan(self)
        var missing: [String] = []
        var unusable: [String: String] = [:]
        var unfinished: Set<Int> = []
        for (place, task) in plan.tasks(tasks).enumerated() {
            let run = plan.runs[place]
            do throws(Fault) {
                switch try run.existing() {
                case .finished: continue
                case .absent: missing.append(run.name)
                case .outdated(let outdated): unusable[run.name] = "\(outdated.fault(in: output))"
                }
            } catch {
                unusable[run.name] = "\(error)"
            }
            unfinished.insert(task)
        }
        return StudyStatus(
            runs: plan.runs.count, done: plan.runs.count - missing.count - unusable.count,
            unfinishedTasks: unfinished.sorted(), missing: missing, unusable: unusable,
            impossible: Dictionary(plan.failures.map { ($0.run, "\($0.fault)") }) { first, _ in first })
    }
}

extension StudyPlan {
    /// The task of each run, if `count` tasks share the runs.
    ///
    /// Runs on one sample share its keys, so they stay together if there are enough samples.
    func tasks(_ count: Int) -> [Int] {
        var groups: [Int] = []
        for (place, run) in runs.enumerated() {
            let isNew = place == 0 || run.items == nil || run.items !== runs[place - 1].items
            groups.append((groups.last ?? -1) + (isNew ? 1 : 0))
        }
        let isCoarse = (groups.last ?? 0) + 1 >= count
        return runs.indices.map { (isCoarse ? groups[$0] : $0) % count }
    }

    /// The runs of a share; all runs if it is nil.
    func runs(of share: StudyShare?) -> [Run] {
        guard let share else { return runs }
        return zip(runs, tasks(share.count)).filter { $0.1 == share.index }.map(\.0)
    }
}
