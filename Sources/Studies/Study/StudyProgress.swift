/// The progress of a running study.
public struct StudyProgress: Sendable, Equatable {
    /// The number of all runs.
    public let total: Int
    /// The number of runs that have ended, reused and failed ones included.
    public let ended: Int
    /// The estimated time in seconds until all runs have ended; nil until every remaining method has been measured.
    public let remainingSeconds: Double?

    package init(total: Int, ended: Int, remainingSeconds: Double?) {
        self.total = total
        self.ended = ended
        self.remainingSeconds = remainingSeconds
    }
}

/// The measured times of ended runs, from which the time of the remaining ones is estimated.
///
/// Methods differ in cost by orders of magnitude, so a run is compared with runs of its own method only.
package struct RunTimes: Sendable {
    /// The properties of a run that decide its time.
    package struct Kind: Hashable, Sendable {
        /// The feature folder.
        var folder: String
        /// The method.
        var method: String
        /// The number of training items.
        var items: Int

        /// Takes the feature folder, the method, and the number of training items.
        package init(folder: String, method: String, items: Int) {
            self.folder = folder
            self.method = method
            self.items = items
        }
    }

    private struct Measured {
        var kind: Kind
        var seconds: Double
    }

    private let kinds: [Kind]
    private let isDone: [Bool]
    private let threads: Int
    private var ended = 0
    /// The number of remaining runs by kind, without those that were done before.
    private var remaining: [Kind: Int] = [:]
    private var measured: [Measured] = []

    /// Takes the kind of each run, whether it was done before, and the number of threads.
    package init(_ kinds: [Kind], isDone: [Bool], threads: Int) {
        precondition(kinds.count == isDone.count && threads > 0)
        self.kinds = kinds
        self.isDone = isDone
        self.threads = threads
        for (kind, isDone) in zip(kinds, isDone) where !isDone { remaining[kind, default: 0] += 1 }
    }

    /// Records that the run at `place` has ended after `seconds`; nil if it was not trained.
    package mutating func end(_ place: Int, seconds: Double?) {
        let kind = kinds[place]
        ended += 1
        if !isDone[place] { remaining[kind, default: 1] -= 1 }
        if let seconds { measured.append(Measured(kind: kind, seconds: seconds)) }
    }

    /// The present state.
    package var progress: StudyProgress {
        StudyProgress(total: kinds.count, ended: ended, remainingSeconds: remainingSeconds)
    }

    private var remainingSeconds: Double? {
        guard ended < kinds.count else { return nil }
        var sum = 0.0
        var longest = 0.0
        for (kind, count) in remaining where count > 0 {
            guard let each = expected(kind) else { return nil }
            sum += Double(count) * each
            longest = max(longest, each)
        }
        // The longest run keeps one thread busy.
        return max(longest, sum / Double(threads))
    }

    /// The expected time of a run: the mean of runs of its kind, or that of the most similar kind of its method in
    /// proportion to the number of items.
    private func expected(_ kind: Kind) -> Double? {
        let known = measured.filter { $0.kind.method == kind.method }
        let nearest = known.map(\.kind).min { distance($0, kind) < distance($1, kind) }
        guard let nearest else { return nil }
        let same = known.filter { $0.kind == nearest }
        let mean = same.reduce(0) { $0 + $1.seconds } / Double(same.count)
        return mean * Double(max(1, kind.items)) / Double(max(1, nearest.items))
    }

    private func distance(_ a: Kind, _ b: Kind) -> (Int, Int) { (a.folder == b.folder ? 0 : 1, abs(a.items - b.items)) }
}
