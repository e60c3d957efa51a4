internal import Adapter
public import Core

/// The share of a study's runs that one task of an array job does.
public struct StudyShare: Sendable, Equatable {
    /// Counted from 0.
    public let index: Int
    public let count: Int

    /// - Throws: `configuration` for a task that there is not.
    public init(_ index: Int, of count: Int) throws(Fault) {
        guard (1 ... 100_000).contains(count) else {
            throw .configuration("--tasks", found: "\(count)", expected: "1 to 100000", remedy: "correct it")
        }
        guard (0 ..< count).contains(index) else {
            throw .configuration(
                "--task", found: "\(index)", expected: "0 to \(count - 1) for \(count) tasks", remedy: "correct it")
        }
        (self.index, self.count) = (index, count)
    }
}

/// How far a study is, told by its run folders alone.
public struct StudyStatus: Sendable, Encodable, Equatable {
    /// Runs in all.
    public let runs: Int
    public let done: Int
    /// Tasks with runs that are not done, ascending.
    public let unfinishedTasks: [Int]
    public let missing: [String]
    /// Runs that are not what was written, or were made otherwise, and why.
    public let unusable: [String: String]
    /// Runs that cannot be made, and why.
    public let impossible: [String: String]

    private enum CodingKeys: String, CodingKey { case runs, done, missing, unusable, impossible }

    /// Whether every possible run is done.
    public var isComplete: Bool { missing.isEmpty && unusable.isEmpty }

    /// Lines for a reader; `expression` is what a scheduler takes to do the rest.
    public func page(expression: String) -> String {
        var lines = ["\(done) of \(runs) runs done, \(missing.count) missing, \(unusable.count) unusable"]
        lines += unusable.sorted { $0.key < $1.key }.prefix(20).map { "  \($0.key): \($0.value)" }
        lines += impossible.sorted { $0.key < $1.key }.prefix(20).map { "  cannot be run: \($0.key): \($0.value)" }
        if !expression.isEmpty { lines.append("resubmit: --array=\(expression)") }
        return lines.map { "\($0)\n" }.joined()
    }
}

extension Study {
    /// Looks at every run's folder; `tasks` is how many tasks share the runs.
    ///
    /// - Throws: what the study would before its first run.
    public func status(tasks: Int) throws(Fault) -> StudyStatus {
        _ = try StudyShare(0, of: tasks)
        let plan = try StudyPlan(self)
        var (missing, unusable): ([String], [String: String]) = ([], [:])
        var unfinished: Set<Int> = []
        for (place, task) in plan.tasks(tasks).enumerated() {
            let run = plan.runs[place]
            do throws(Fault) {
                if try run.finished() != nil { continue }
                missing.append(run.name)
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
    /// Which of `count` tasks does each run.
    ///
    /// Runs on one draw stay together where there are draws enough, since they share its keys.
    func tasks(_ count: Int) -> [Int] {
        var groups: [Int] = []
        for (place, run) in runs.enumerated() {
            let isNew = place == 0 || run.items == nil || run.items !== runs[place - 1].items
            groups.append((groups.last ?? -1) + (isNew ? 1 : 0))
        }
        let isCoarse = (groups.last ?? 0) + 1 >= count
        return runs.indices.map { (isCoarse ? groups[$0] : $0) % count }
    }

    /// The runs of a share, or all of them.
    func runs(of share: StudyShare?) -> [Run] {
        guard let share else { return runs }
        return zip(runs, tasks(share.count)).filter { $0.1 == share.index }.map(\.0)
    }
}
