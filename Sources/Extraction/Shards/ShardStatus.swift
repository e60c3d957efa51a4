public import Core
public import FeatureStore

/// How far a plan is, told by its files alone: no queue is asked, and no worker.
public struct ShardStatus: Sendable, Encodable, Equatable {
    /// How a shard stands.
    public enum State: String, Sendable, Encodable {
        /// Its record is there, and its parts are what the record says.
        case done
        /// Nothing is there yet.
        case missing
        /// A worker has begun it and is at work, or was stopped.
        case begun
        /// Its parts are there and not what was written.
        case corrupt
        /// A worker met images that it could not use.
        case failed
    }

    /// A shard that is not done.
    public struct Unfinished: Sendable, Encodable, Equatable {
        public let shard: Int
        public let state: State
        /// What is the matter, in a sentence.
        public let detail: String
    }

    /// Shards in all.
    public let shards: Int
    public let done: Int
    /// Those that are not done, ascending.
    public let unfinished: [Unfinished]
    /// Images that the shards that are done have left out.
    public let skipped: Int
    /// Whether the feature files of the plan are in place, so that no part is needed any more.
    public let isMerged: Bool
    /// What did the arithmetic of the parts; with more than one, features may differ in their last bits.
    public let arithmetic: [String]

    /// Whether no worker is needed.
    public var isComplete: Bool { isMerged || unfinished.isEmpty }
}

extension ShardPlan {
    /// Looks at every part.
    ///
    /// Every block is compared with its checksum; without `everyByte` damage inside of features is not seen.
    ///
    /// - Throws: what `progress` throws, and what a failing disk throws; damage is told, not thrown.
    public func status(everyByte: Bool = true, progress: Progress = { _, _ in }) throws(Fault) -> ShardStatus {
        var unfinished: [ShardStatus.Unfinished] = []
        var (skipped, arithmetic): (Int, Set<String>) = (0, [])
        for shard in shards.indices {
            do throws(Fault) {
                if let record = try record(shard, everyByte: everyByte) {
                    skipped += record.skipped.count
                    arithmetic.insert(record.arithmetic)
                } else {
                    unfinished.append(absent(shard))
                }
            } catch {
                // A disk that fails is no reason to make sound parts again.
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
        let list = "\(folder)/\(ErrorList.name)"
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

    /// Whether all feature files of the plan are there.
    private func isMerged(everyByte: Bool) throws(Fault) -> Bool {
        for (name, provenance) in files {
            do throws(Fault) {
                guard try isMerged(name, provenance, everyByte: everyByte) else { return false }
            } catch {
                guard error.isAboutContent else { throw error }
                return false
            }
        }
        return true
    }

    private func isMerged(_ name: String, _ provenance: Provenance, everyByte: Bool) throws(Fault) -> Bool {
        guard let part = Part(rawValue: name) else { return false }
        let file = try FeatureFile(path: "\(folder)/\(part.fileName)")
        try file.require(part)
        if everyByte { try file.checkEveryByte() }
        return try file.provenance().differences(from: provenance).allSatisfy { $0.field == "skipped" }
    }
}

extension ShardStatus {
    /// The numbers of the shards that are not done; none where nothing needs them any more.
    public var resubmit: [Int] { isMerged ? [] : unfinished.map(\.shard) }

    /// Lines for a reader; `expression` is what a scheduler takes to do the rest.
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
