public import Core
internal import FeatureStore

extension ShardPlan {
    /// Joins the shard outputs into the feature files that one machine would have written, byte for byte.
    ///
    /// The prompts are encoded here. With `keepsParts` the rows stay in the shard outputs, and the feature files
    /// refer to them; with `removesParts` the outputs are removed once the feature files are in place.
    ///
    /// - Throws: `tryAgain` with the shards that are not done; `badData` for a damaged output, or if the split, the
    ///   weights or the prompts have changed since the plan; the faults of a build.
    public func merge(
        _ build: FeatureBuild, keepsParts: Bool = false, removesParts: Bool = false, _ events: BuildEvents = .init()
    ) throws(Fault) -> BuildOutcome {
        let whole = try ResolvedBuild(build)
        try require(whole)
        let outcome = try BuildRun.finish(whole, events) { run throws(Fault) in
            let records = try finishedRecords()
            let skipped = records.flatMap(\.skipped)
            guard skipped.count <= build.maximumSkipped else { throw try tooManySkipped(records, whole) }
            run.clock.start()
            try run.encodePrompts()
            var done = 0
            try events.progress(BuildProgress(what: "merge", done: 0, total: whole.itemCount))
            for subset in whole.subsets where !run.existing.has(subset.kind) {
                do throws(Fault) {
                    try join(subset, records, run, keepsParts: keepsParts) { items throws(Fault) in
                        try events.progress(BuildProgress(what: "merge", done: done + items, total: whole.itemCount))
                    }
                } catch {
                    guard error.isAboutContent, error.subject.hasPrefix("\(partsFolder)/") else { throw error }
                    throw error.with(remedy: "\(action: .remakeShards(plan: path))")
                }
                done += subset.items.count
            }
            run.clock.stop()
            return skipped
        }
        if outcome.isReused { try tellForm(outcome, keepsParts: keepsParts, events) }
        // The files of workers that did not finish.
        removeFolder(partsFolder.appending(path: ".unfinished"))
        if removesParts { try removeParts(outcome) }
        return outcome
    }

    /// Writes the feature file of a subset to the work folder.
    private func join(
        _ subset: ResolvedSubset, _ records: [ShardRecord], _ run: borrowing BuildRun, keepsParts: Bool,
        progress: (Int) throws(Fault) -> Void
    ) throws(Fault) {
        let joined = try JoinedOutputs(subset, of: run.resolved, self, records)
        let findings = try run.precisionFindings(
            subset, encoded: joined.encoded.items, plainView: joined.plainView)
        let path = run.staged(subset.kind)
        try run.clock.measure(.write, subset.items.count) { () throws(Fault) in
            try joined.write(to: path, findings: findings, keepsParts: keepsParts, progress: progress)
        }
    }

    /// The fault of more omitted images than the build allows, after their list was written.
    private func tooManySkipped(_ records: [ShardRecord], _ whole: ResolvedBuild) throws(Fault) -> Fault {
        let skipped = records.flatMap(\.skipped)
        try ErrorList.write(skipped, in: folder)
        let shards = records.filter { !$0.skipped.isEmpty }.map { "\($0.shard)" }.joined(separator: ",")
        let fault = ErrorList.fault(
            skipped, of: whole.itemCount, allowed: whole.build.maximumSkipped, folder: folder)
        return fault.with(
            remedy: "correct them and \(action: .runWorker(shards: shards, plan: path)), or merge without them by "
                + "\(option: "skip_bad", "\(skipped.count)")")
    }

    /// Notes that the existing features have another form than requested.
    private func tellForm(_ outcome: BuildOutcome, keepsParts: Bool, _ events: BuildEvents) throws(Fault) {
        let isVirtual = try virtualFile(of: outcome) != nil
        guard isVirtual != keepsParts else { return }
        let unpacking: Remedy = "\(action: .unpack(folder))"
        events.note(
            isVirtual
                ? "the rows stay in the parts: \(unpacking) to give the files their own rows"
                : "the files have rows of their own: remove them to merge by a virtual dataset")
    }

    /// The path of a feature file whose rows are in the shard outputs; nil if there is none.
    private func virtualFile(of outcome: BuildOutcome) throws(Fault) -> String? {
        for file in outcome.files where try FeatureFile(path: file.path).isVirtual { return file.path }
        return nil
    }

    /// Reads the records of all shards, in order.
    private func finishedRecords() throws(Fault) -> [ShardRecord] {
        // Every byte is compared with its checksum when it is copied.
        let records = try shards.indices.map { shard throws(Fault) in try finishedRecord(shard, everyByte: false) }
        let missing = records.indices.filter { records[$0] == nil }
        guard missing.isEmpty else {
            // A folder that was moved away says nothing about its shards.
            _ = try ShardPlan(path: path)
            let first = missing.prefix(8).map(String.init).joined(separator: ",")
            throw Fault(
                .tryAgain, path,
                found: "\(missing.count) of \(shards.count) shards not done (\(first)\(missing.count > 8 ? ",…" : ""))",
                expected: "all of them",
                remedy: "\(action: .showShards(plan: path)), and run their workers")
        }
        return records.compactMap(\.self)
    }

    private func removeParts(_ outcome: BuildOutcome) throws(Fault) {
        if let path = try virtualFile(of: outcome) {
            throw .configuration(
                option: "remove_parts", found: "'\(path)', whose rows are in the parts",
                expected: "files with rows of their own",
                remedy: "\(action: .unpack(folder)) first")
        }
        for shard in shards {
            for slice in shard.slices {
                removeFile(partsFolder.appending(path: Self.outputName(shard.index, slice.subset)))
            }
            removeFile(recordPath(shard.index))
        }
        removeEmptyFolder(partsFolder)
    }
}
