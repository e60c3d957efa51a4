internal import Adapter
public import Core
internal import Kernels
internal import Synchronization

/// What came of a study.
public struct StudyOutcome: Sendable {
    /// The results of all runs that ended, also of those that were there, in order.
    public var lines: [ResultLine]
    /// The runs that failed, and why.
    public var failures: [(run: String, fault: Fault)]
}

extension Study {
    /// Runs what is not there yet, and stops at the first failure in order.
    ///
    /// - Returns: the results of all runs, also of those that were there.
    public func run() throws(Fault) -> [ResultLine] {
        let outcome = try outcome()
        if let failure = outcome.failures.first { throw failure.fault }
        return outcome.lines
    }

    /// Runs what is not there yet; a run that fails does not stop the others.
    ///
    /// Runs are independent and share the threads, each on its own; their results are written in order, whoever is first.
    ///
    /// - Throws: the first failure where every run fails, and `interrupted`.
    public func outcome() throws(Fault) -> StudyOutcome {
        let plan = try StudyPlan(self)
        if plan.runs.isEmpty, let failure = plan.failures.first { throw failure.fault }
        // One task of several says what none of them can run.
        let failures = share == nil || share?.index == 0 ? plan.failures : []
        for failure in failures { events.failed(failure.run, failure.fault) }
        let runs = plan.runs(of: share)
        let board = OutcomeBoard(runs.map(\.name), self)
        // Of a share nothing is kept but its runs: other tasks are at the same study.
        if share == nil { try StudyFile.record(self) }
        if runs.count == 1 || Parallel.threadCount == 1 {
            for (place, run) in runs.enumerated() where !board.isStopped {
                do throws(Fault) { try board.end(place, run.result(plan.targets)) } catch { board.stop(error) }
            }
        } else {
            Parallel.forEach(runs.count) { place in
                guard !board.isStopped else { return }
                let result = Parallel.onOneThread { runs[place].result(plan.targets) }
                do throws(Fault) { try board.end(place, result) } catch { board.stop(error) }
            }
        }
        var (outcome, stopped) = board.outcome
        if let stopped { throw stopped }
        outcome.failures = failures + outcome.failures
        // What failed may be mended, and the study resumed.
        if share == nil, outcome.failures.isEmpty || outcome.lines.isEmpty { StudyFile.discardRecord(of: self) }
        if outcome.lines.isEmpty, let failure = outcome.failures.first { throw failure.fault }
        return outcome
    }
}

extension Run {
    /// What came of the run and its evaluations, and that it has ended.
    fileprivate func result(_ targets: OpenedTargets) -> Result<EndedRun, Fault> {
        defer { items?.runEnded() }
        do throws(Fault) {
            guard !study.events.shouldStop() else { throw .interrupted }
            let (line, reused) = try complete()
            var ended = EndedRun(line: line, reused: reused)
            // What cannot be evaluated elsewhere is a result here all the same.
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

/// Takes results in any order and hands them on in the runs' order.
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
        (self.names, self.study) = (names, study)
        state = Mutex(State())
    }

    /// Notes what came of the run at `place`, and hands on all that no earlier run holds up.
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

    /// What there is, and what stopped it.
    var outcome: (StudyOutcome, stopped: Fault?) { state.withLock { ($0.outcome, $0.stopped) } }
}
