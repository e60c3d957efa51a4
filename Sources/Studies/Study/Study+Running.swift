internal import Adapter
public import Core
internal import FeatureStore
internal import Kernels
internal import Synchronization

/// The results and failures of a study.
public struct StudyOutcome: Sendable {
    /// The results of all finished runs in order, including existing ones.
    public var lines: [ResultLine]
    /// The failed runs and their faults.
    public var failures: [(run: String, fault: Fault)]
    /// The existing runs with other features or settings, by reason; they are neither trained nor results.
    public var outdated: [OutdatedRuns] = []

    /// The number of runs that existed already.
    public var reusedCount = 0
    /// The searches that ended at the end of their range, by method and setting.
    public var searchEnds: [SearchEndCount] = []

    /// Whether every run has its result.
    fileprivate var isComplete: Bool { failures.isEmpty && outdated.isEmpty }
}

extension Study {
    /// Runs what is missing, and stops at the first failure in order.
    ///
    /// - Returns: the results of all runs, including existing ones.
    public func run() throws(Fault) -> [ResultLine] {
        let outcome = try outcome()
        if let failure = outcome.failures.first { throw failure.fault }
        if let outdated = outcome.outdated.first { throw outdated.fault(in: output) }
        return outcome.lines
    }

    /// Runs what is missing; a run that fails does not stop the others.
    ///
    /// Runs are independent. They share the threads, one thread per run, and their results are written in the order of
    /// the plan.
    ///
    /// - Throws: the first failure where every run fails or is outdated, and `interrupted`.
    public func outcome() throws(Fault) -> StudyOutcome {
        let work = try StudyWork(self)
        // A task of an array job keeps nothing but its runs: other tasks execute the same study.
        if share == nil { try StudyFile.record(self) }
        if work.names.count == 1 || Parallel.threadCount == 1 {
            for place in work.names.indices { work.execute(place) }
        } else {
            Parallel.forEach(work.names.count) { place in Parallel.onOneThread { work.execute(place) } }
        }
        let outcome = try work.outcome()
        if share == nil { recordSources() }
        // A failed run may be repaired, and the study resumed.
        if share == nil, outcome.isComplete || outcome.lines.isEmpty { StudyFile.discardRecord(of: self) }
        if outcome.lines.isEmpty {
            if let failure = outcome.failures.first { throw failure.fault }
            if let outdated = outcome.outdated.first { throw outdated.fault(in: output) }
        }
        return outcome
    }
}

extension Study {
    /// Records where the features of the finished runs and their encoder are.
    private func recordSources() {
        for path in features {
            let folder = output.appending(path: lastComponent(of: path))
            guard FileKind(at: folder) == .folder else { continue }
            SourcePaths(model: SourcePaths(of: path).model, features: path).record(in: folder)
        }
    }
}

/// The runs that a process executes, whose results are reported in the order of the runs, whichever ends first.
///
/// A run leaves the list when it starts, so the features of a few-shot sample are freed with the last run that uses
/// them.
private final class StudyWork: Sendable {
    let names: [String]
    private let study: Study
    private let targets: OpenedTargets
    private let state: Mutex<State>

    private struct State {
        var runs: [Run?]
        var ended: [Int: Result<EndedRun, Fault>] = [:]
        /// The first run whose result was not reported.
        var next = 0
        var outcome: StudyOutcome
        /// The fault that stopped the study.
        var stopped: Fault?
        var times: RunTimes
    }

    init(_ study: Study) throws(Fault) {
        let plan = try StudyPlan(study)
        if let fault = plan.fault { throw fault }
        // The first of several tasks speaks for all.
        if study.share == nil || study.share?.index == 0 { try plan.noteInputs() }
        let runs = plan.runs(of: study.share)
        // The first of several tasks reports the runs that none of them can execute.
        let failures = study.share == nil || study.share?.index == 0 ? plan.failures : []
        for failure in failures { study.events.failed(failure.run, failure.fault) }
        names = runs.map(\.name)
        self.study = study
        targets = plan.targets
        let times = RunTimes(
            runs.map(\.kind), isDone: runs.map { !study.replaces && $0.folder.hasRecord },
            threads: max(1, min(Parallel.threadCount, runs.count)))
        state = Mutex(State(runs: runs, outcome: StudyOutcome(lines: [], failures: failures), times: times))
        study.events.advanced(times.progress)
    }

    /// Executes the run at `place` and reports all results that no earlier run delays, unless the study has stopped.
    func execute(_ place: Int) {
        let taken = state.withLock { state -> Run? in
            defer { state.runs[place] = nil }
            return state.stopped == nil ? state.runs[place] : nil
        }
        guard let run = taken else { return }
        let start = ContinuousClock.now
        let result = run.result(targets)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        state.withLock { state in
            let isTrained = if case .success(let ended) = result { ended.isTrained } else { false }
            state.times.end(place, seconds: isTrained ? seconds : nil)
            study.events.advanced(state.times.progress)
            state.ended[place] = result
            do throws(Fault) {
                while let result = state.ended.removeValue(forKey: state.next) {
                    try report(result, of: names[state.next], to: &state.outcome)
                    state.next += 1
                }
            } catch {
                state.stopped = state.stopped ?? error
            }
        }
    }

    private func report(
        _ result: Result<EndedRun, Fault>, of name: String, to outcome: inout StudyOutcome
    ) throws(Fault) {
        switch result {
        case .success(let ended):
            if let outdated = ended.outdated { outcome.add(outdated) }
            guard let line = ended.line else { return }
            for line in [line] + ended.evaluations { try log(line, to: &outcome) }
            if ended.reused { outcome.reusedCount += 1 }
            outcome.countSearchEnds(ended.searchEnds, of: line.method)
            study.events.finished(line, ended.reused)
            guard let fault = ended.evaluationFault else { return }
            outcome.failures.append((name, fault))
            study.events.failed(name, fault)
        case .failure(let fault):
            if fault.status == .interrupted { throw fault }
            outcome.failures.append((name, fault))
            // The only run's failure is thrown.
            if names.count > 1 { study.events.failed(name, fault) }
        }
    }

    /// Adds a result to the outcome, and to the results of the output folder unless they have it.
    private func log(_ line: ResultLine, to outcome: inout StudyOutcome) throws(Fault) {
        outcome.lines.append(line)
        // A task of an array job leaves the results to the job that gathers them.
        guard study.share == nil else { return }
        let text = JSONDocument.line(line)
        try LockedLog.append(
            text, to: study.output.appending(path: "results.jsonl"), unless: { $0 == text },
            replacing: line.isSuccessor(of:))
    }

    /// The results and failures of all runs.
    ///
    /// - Throws: the fault that stopped the study.
    func outcome() throws(Fault) -> StudyOutcome {
        let (outcome, stopped) = state.withLock { ($0.outcome, $0.stopped) }
        if let stopped { throw stopped }
        return outcome
    }
}

extension StudyOutcome {
    /// Adds outdated runs to those with the same reason.
    fileprivate mutating func add(_ runs: OutdatedRuns) {
        for index in outdated.indices {
            if outdated[index].merge(runs) { return }
        }
        outdated.append(runs)
    }
}

/// The results of a run on its own test subset and elsewhere; no result of an outdated run.
private struct EndedRun: Sendable {
    var line: ResultLine?
    var reused = false
    var searchEnds: [SearchEnd] = []
    var evaluations: [ResultLine] = []
    var evaluationFault: Fault?
    var outdated: OutdatedRuns?

    var isTrained: Bool { line != nil && !reused }
}

extension Run {
    /// The properties that decide the time of the run.
    fileprivate var kind: RunTimes.Kind {
        let items = items.map { $0.rows.train?.count ?? opened.train?.count ?? 0 }
        return RunTimes.Kind(folder: opened.folder.name, method: method.name, items: items ?? 0)
    }

    /// Completes the run and its evaluations.
    fileprivate func result(_ targets: OpenedTargets) -> Result<EndedRun, Fault> {
        do throws(Fault) {
            guard !study.events.shouldStop() else { throw .interrupted }
            var ended = EndedRun()
            let record: RunRecord
            switch try existing() {
            case .outdated(let runs): return .success(EndedRun(outdated: runs))
            case .finished(let existing):
                record = existing
                ended.reused = true
            case .absent: record = try train()
            }
            let line = record.result
            ended.line = line
            ended.searchEnds = record.search_ends ?? []
            // A failed evaluation elsewhere does not invalidate the run's own result.
            guard study.share == nil else { return .success(ended) }
            do throws(Fault) { ended.evaluations = try targets.lines(of: self, line) } catch {
                ended.evaluationFault = error
            }
            return .success(ended)
        } catch {
            return .failure(error)
        }
    }
}
