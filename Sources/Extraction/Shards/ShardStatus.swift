public import Core
public import FeatureStore

/// The progress of a plan, determined from its files alone, without asking a queue or a worker.
public struct ShardStatus: Sendable, Encodable, Equatable {
    /// The state of a shard that is not done.
    public enum State: String, Sendable, Encodable {
        /// There is no output yet.
        case missing
        /// A worker has started it, and is running or was stopped.
        case begun
        /// The output is damaged.
        case corrupt
        /// A worker found unusable images.
        case failed
    }

    /// A shard that is not done.
    public struct Unfinished: Sendable, Encodable, Equatable {
        /// The index of the shard.
        public let shard: Int
        /// The state of the shard.
        public let state: State
        /// The reason, as a sentence.
        public let detail: String
    }

    /// The number of shards.
    public let shards: Int
    /// The number of shards that are done.
    public let done: Int
    /// The shards that are not done, ascending.
    public let unfinished: [Unfinished]
    /// The number of images that finished shards have omitted.
    public let skipped: Int
    /// Whether the feature files of the plan are in place, so that the shard outputs are no longer needed.
    public let isMerged: Bool
    /// The kinds of arithmetic of the shard outputs; with several, features may differ in the last bits.
    public let arithmetic: [String]

    /// Whether no worker is needed any more.
    public var isComplete: Bool { isMerged || unfinished.isEmpty }
}

extension ShardPlan {
    /// Checks the output of every shard.
    ///
    /// Every block is compared with its checksum; without `everyByte`, damage inside the features is not detected.
    ///
    /// - Throws: the faults of `progress`, and of a failing disk; damage is part of the status.
    public func status(everyByte: Bool = true, progress: Progress = { _, _ in }) throws(Fault) -> ShardStatus {
        var unfinished: [ShardStatus.Unfinished] = []
        var skipped = 0
        var arithmetic: Set<String> = []
        for shard in shards.indices {
            do throws(Fault) {
                if let record = try record(shard, everyByte: everyByte) {
                    skipped += record.skipped.count
                    arithmetic.insert(record.arithmetic)
                } else {
                    unfinished.append(absent(shard))
                }
            } catch {
                // A failing disk is no reason to make sound outputs again.
                guard error.isAboutContent else { throw error }
                unfinished.append(.init(shard: shard, state: .corrupt, detail: "\(error)"))
            }
            try progress(shard + 1, shards.count)
        }
        return ShardStatus(
            shards: shards.count, done: shards.count - unfinished.count, unfinished: unfinished, skipped: skipped,
            isMerged: try isMerged(everyByte: everyByte), arithmetic: arithmetic.sorted())
    }

    private func absent(_ shard: Int) -> ShardStatus.Unfinished {
        let folder = workPath(shard)
        let list = folder.appending(path: ErrorList.name)
        if case .file = FileKind(at: list) {
            let lines = (try? fileBytes(list)).map { $0.count { $0 == UInt8(ascii: "\n") } - 1 }
            return .init(
                shard: shard, state: .failed,
                detail: "\(lines.map { "\($0)" } ?? "some") images cannot be used, see \(list)")
        }
        let isBegun = FileKind(at: folder) != .absent
        return .init(
            shard: shard, state: isBegun ? .begun : .missing,
            detail: isBegun ? "a worker has begun it" : "no record \(recordPath(shard))")
    }

    /// Whether all feature files of the plan exist.
    private func isMerged(everyByte: Bool) throws(Fault) -> Bool {
        do throws(Fault) {
            for (name, provenance) in files {
                guard let kind = FeatureFile.Kind(rawValue: name) else { return false }
                let file = try FeatureFile(path: folder.appending(path: kind.fileName))
                try file.require(kind)
                if everyByte { try file.checkEveryByte() }
                let differences = try file.provenance().differences(from: provenance)
                guard differences.allSatisfy({ $0.field == "skipped" }) else { return false }
            }
            return true
        } catch {
            guard error.isAboutContent else { throw error }
            return false
        }
    }
}

extension ShardStatus {
    /// The indices of the shards to submit again: those that are not done, or none once the files are merged.
    public var resubmit: [Int] { isMerged ? [] : unfinished.map(\.shard) }

    /// The status as text; `expression` is the array expression of the remaining shards.
    public func page(expression: String) -> String {
        var lines: [String] = []
        if isMerged {
            lines.append("merged: the feature files are in place")
        } else {
            func count(_ states: State...) -> Int { unfinished.count { states.contains($0.state) } }
            lines.append(
                "\(done) of \(shards) shards done, \(count(.missing, .begun)) missing (\(count(.begun)) begun), "
                    + "\(count(.corrupt)) corrupt, \(count(.failed)) failed")
            lines += unfinished.filter { [.corrupt, .failed].contains($0.state) }.prefix(20).map {
                "  shard \($0.shard) \($0.state.rawValue): \($0.detail)"
            }
            if !expression.isEmpty { lines.append("resubmit: --array=\(expression)") }
        }
        if skipped > 0 { lines.append("left out: \(skipped) images") }
        if arithmetic.count > 1 {
            lines.append(
                "note: \(arithmetic.count) kinds of arithmetic (\(arithmetic.joined(separator: "; "))): "
                    + "features may differ in their last bits from those of one machine")
        }
        return lines.map { "\($0)\n" }.joined()
    }
}
