internal import Adapter
public import Core
internal import Kernels
internal import Synchronization

/// The results and failures of a study.
public struct StudyOutcome: Sendable {
    /// The results of all finished runs in order, including existing ones.
    public var lines: [ResultLine]
    /// The failed runs and their faults.
    public var failures: [(run: String, fault: Fault)]
}

extension Study {
    /// Runs what is missing, and stops at the first failure in order.
    ///
    /// - Returns: the results of all runs, including existing ones.
    public func run() throws(Fault) -> [ResultLine] {
        let outcome = try outcome()
        if let failure = outcome.failures.first { throw failure.fault }
        return outcome.lines
    }

    /// Runs what is missing; a run that fails does not stop the others.
    ///
    /// Runs are independent. They share the threads, one thread per run, and their results are written in the order of the plan.
    ///
    /// - Throws: the first failure where every run fails, and `interrupted`.
    public func outcome() throws(Fault) -> StudyOutcome {
        let work = try StudyWork(self)
        for failure in work.failures { events.failed(failure.run, failure.fault) }
        let board = OutcomeBoard(work.names, self)
        // A task of an array job keeps nothing but its runs: other tasks execute the same study.
        if share == nil { try StudyFile.record(self) }
        if work.names.count == 1 || Parallel.threadCount == 1 {
            for place in work.names.indices { work.execute(place, board) }
        } else {
            Parallel.forEach(work.names.count) { place in Parallel.onOneThread { work.execute(place, board) } }
        }
        var (outcome, stopped) = board.outcome
        if let stopped { throw stopped }
        outcome.failures = work.failures + outcome.failures
        // A failed run may be repaired, and the study resumed.
        if share == nil, outcome.failures.isEmpty || outcome.lines.isEmpty { StudyFile.discardRecord(of: self) }
        if outcome.lines.isEmpty, let failure = outcome.failures.first { throw failure.fault }
        return outcome
    }
}

/// The runs that a process executes, in order.
///
/// A run leaves the list when it starts, so the features of a few-shot sample are freed with the last run that uses them.
private final class StudyWork: Sendable {
    let names: [String]
    let failures: [(run: String, fault: Fault)]
    private let targets: OpenedTargets
    private let runs: Mutex<[Run?]>

    init(_ study: Study) throws(Fault) {
        let plan = try StudyPlan(study)
        if plan.runs.isEmpty, let failure = plan.failures.first { throw failure.fault }
        let runs = plan.runs(of: study.share)
        names = runs.map(\.name)
        // The first of several tasks reports the runs that none of them can execute.
        failures = study.share == nil || study.share?.index == 0 ? plan.failures : []
        targets = plan.targets
        self.runs = Mutex(runs)
    }

    /// Executes the run at `place`, unless the study has stopped.
    func execute(_ place: Int, _ board: OutcomeBoard) {
        guard !board.isStopped, let run = take(place) else { return }
        do throws(Fault) { try board.end(place, run.result(targets)) } catch { board.stop(error) }
    }

    private func take(_ place: Int) -> Run? {
        runs.withLock { runs in
            let run = runs[place]
            runs[place] = nil
            return run
        }
    }
}

extension Run {
    /// Completes the run and its evaluations.
    fileprivate func result(_ targets: OpenedTargets) -> Result<EndedRun, Fault> {
        do throws(Fault) {
            guard !study.events.shouldStop() else { throw .interrupted }
            let (line, reused) = try complete()
            var ended = EndedRun(line: line, reused: reused)
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

private struct EndedRun: Sendable {
    var line: ResultLine
    var reused: Bool
    var evaluations: [ResultLine] = []
    var evaluationFault: Fault?
}

/// Collects results in any order and reports them in the order of the runs.
private final class OutcomeBoard: Sendable {
    private let study: Study
    private let names: [String]
    private let state: Mutex<State>

    private struct State {
        var ended: [Int: Result<EndedRun, Fault>] = [:]
        var next = 0
        var outcome = StudyOutcome(lines: [], failures: [])
        var stopped: Fault?
    }

    init(_ names: [String], _ study: Study) {
        self.names = names
        self.study = study
        state = Mutex(State())
    }

    /// Records the result of the run at `place`, and reports all results that no earlier run delays.
    func end(_ place: Int, _ result: Result<EndedRun, Fault>) throws(Fault) {
        try state.withLock { state throws(Fault) in
            state.ended[place] = result
            while let result = state.ended.removeValue(forKey: state.next) {
                switch result {
                case .success(let ended):
                    if study.share == nil {
                        for line in [ended.line] + ended.evaluations { try ResultsFile.append(line, to: study.output) }
                    }
                    state.outcome.lines += [ended.line] + ended.evaluations
                    study.events.finished(ended.line, ended.reused)
                    guard let fault = ended.evaluationFault else { break }
                    state.outcome.failures.append((names[state.next], fault))
                    study.events.failed(names[state.next], fault)
                case .failure(let fault) where fault.status == .interrupted: throw fault
                case .failure(let fault):
                    state.outcome.failures.append((names[state.next], fault))
                    // The only run's failure is thrown.
                    if names.count > 1 { study.events.failed(names[state.next], fault) }
                }
                state.next += 1
            }
        }
    }

    var isStopped: Bool { state.withLock { $0.stopped != nil } }
    func stop(_ fault: Fault) { state.withLock { $0.stopped = $0.stopped ?? fault } }

    /// The results so far, and the fault that stopped the study.
    var outcome: (StudyOutcome, stopped: Fault?) { state.withLock { ($0.outcome, $0.stopped) } }
}
