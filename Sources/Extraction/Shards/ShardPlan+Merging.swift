public import Core
internal import FeatureStore
internal import Foundation

extension ShardPlan {
    /// Joins the parts into the feature files that one machine would have written, byte for byte.
    ///
    /// The prompts are encoded here. With `keepsParts` the rows stay in the parts, and the feature files only say where they
    /// are; with `removesParts` the parts are removed once the feature files are in place.
    ///
    /// - Throws: `tryAgain` with the shards that are not done; `badData` for a damaged part, or where the split, the weights or
    ///   the prompts have changed since the plan; what a build throws.
    public func merge(
        _ build: FeatureBuild, keepsParts: Bool = false, removesParts: Bool = false, _ events: BuildEvents = .init()
    ) throws(Fault) -> BuildOutcome {
        let whole = try BuildPlan(build)
        try require(whole)
        let outcome = try build.finish(whole, events) { standing, folder, clock throws(Fault) in
            let records = try finishedRecords()
            let skipped = records.flatMap(\.skipped)
            guard skipped.count <= build.maximumSkipped else {
                try ErrorList.write(skipped, in: self.folder)
                throw ErrorList.fault(
                    skipped, of: whole.itemCount, allowed: build.maximumSkipped, folder: self.folder)
            }
            clock.start()
            try build.encodePrompts(whole, standing, folder, events)
            var done = 0
            for part in whole.parts where !standing.isThere(part.part) {
                let joined = try JoinedPart(part, self, records)
                let findings =
                    part.part == whole.parts.last?.part
                    ? try PrecisionAgreement.findings(
                        part, whole, standing.textPath(folder.path, build), there: joined.items,
                        stored: joined.plainView) : nil
                let path = "\(folder.path)/\(part.part.fileName)"
                try clock.measure(.write, part.items.count) { () throws(Fault) in
                    try joined.write(of: whole, build.type, findings: findings, keepsParts: keepsParts, to: path) {
                        items throws(Fault) in
                        try events.progress(
                            BuildProgress(what: "merge", done: done + items, total: whole.itemCount, stages: []))
                    }
                }
                done += part.items.count
            }
            clock.stop()
            return skipped
        }
        if outcome.isReused { try tellForm(outcome, keepsParts: keepsParts, events) }
        removeUnfinished()
        if removesParts { try removeParts(outcome) }
        return outcome
    }

    /// Says it where the features that are there already lie in another form than asked for.
    private func tellForm(_ outcome: BuildOutcome, keepsParts: Bool, _ events: BuildEvents) throws(Fault) {
        var isVirtual = false
        for file in outcome.files where try FeatureFile(path: file.path).isVirtual { isVirtual = true }
        guard isVirtual != keepsParts else { return }
        events.note(
            isVirtual
                ? "the rows are in the parts: 'fewshot-features unpack \(shellWord(folder))' gives the files rows of their own"
                : "the files have rows of their own: remove them to merge by a virtual dataset")
    }

    /// The records of all shards, in order.
    private func finishedRecords() throws(Fault) -> [PartRecord] {
        var (records, missing): ([PartRecord], [Int]) = ([], [])
        for shard in shards.indices {
            // Every byte of the parts is compared as it is copied.
            if let record = try finishedRecord(shard, everyByte: false) {
                records.append(record)
            } else {
                missing.append(shard)
            }
        }
        guard missing.isEmpty else {
            let first = missing.prefix(8).map(String.init).joined(separator: ",")
            throw Fault(
                .tryAgain, path,
                found: "\(missing.count) of \(shards.count) shards not done (\(first)\(missing.count > 8 ? ",…" : ""))",
                expected: "all of them",
                remedy: "see 'fewshot-features status \(shellWord(path))', and run their workers")
        }
        return records
    }

    /// What workers beside the ones that finished have left.
    private func removeUnfinished() { try? FileManager.default.removeItem(atPath: "\(partsFolder)/.unfinished") }

    private func removeParts(_ outcome: BuildOutcome) throws(Fault) {
        for file in outcome.files where try FeatureFile(path: file.path).isVirtual {
            throw .configuration(
                "--remove-parts", found: "'\(file.path)', whose rows are in the parts",
                expected: "files with rows of their own",
                remedy: "run 'fewshot-features unpack \(shellWord(folder))' first")
        }
        for shard in shards {
            for slice in shard.slices { removeFile("\(partsFolder)/\(Self.partName(shard.index, slice.part))") }
            removeFile(recordPath(shard.index))
        }
        removeEmptyFolder(partsFolder)
    }
}
