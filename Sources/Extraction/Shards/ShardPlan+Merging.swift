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
        let whole = try BuildPlan(build)
        try require(whole)
        let outcome = try build.finish(whole, events) { standing, folder, clock throws(Fault) in
            let records = try finishedRecords()
            let skipped = records.flatMap(\.skipped)
            guard skipped.count <= build.maximumSkipped else { throw try tooManySkipped(records, whole, build) }
            clock.start()
            try build.encodePrompts(whole, standing, folder, events)
            var done = 0
            for part in whole.parts where !standing.isThere(part.file) {
                try namingWorkers { () throws(Fault) in
                    let joined = try JoinedPart(part, self, records)
                    let findings =
                        part.part == whole.parts.last?.part
                        ? try PrecisionAgreement.findings(
                            part, whole, standing.textPath(folder.path, build), there: joined.items,
                            stored: joined.plainView) : nil
                    let path = "\(folder.path)/\(part.file.fileName)"
                    try clock.measure(.write, part.items.count) { () throws(Fault) in
                        try joined.write(of: whole, build.type, findings: findings, keepsParts: keepsParts, to: path) {
                            items throws(Fault) in
                            try events.progress(
                                BuildProgress(what: "merge", done: done + items, total: whole.itemCount, stages: []))
                        }
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

    /// Runs `body`; a fault of a part's content says how the part is made again.
    private func namingWorkers(_ body: () throws(Fault) -> Void) throws(Fault) {
        do throws(Fault) { try body() } catch {
            guard error.isAboutContent, error.subject.hasPrefix("\(partsFolder)/") else { throw error }
            throw error.with(
                remedy: "run 'fewshot-features status \(shellWord(path))' and the workers of the shards it names")
        }
    }

    /// The fault of more omitted images than the build allows, after their list was written.
    private func tooManySkipped(
        _ records: [PartRecord], _ whole: BuildPlan, _ build: FeatureBuild
    ) throws(Fault) -> Fault {
        let skipped = records.flatMap(\.skipped)
        try ErrorList.write(skipped, in: folder)
        let shards = records.filter { !$0.skipped.isEmpty }.map { "\($0.shard)" }.joined(separator: ",")
        return ErrorList.fault(skipped, of: whole.itemCount, allowed: build.maximumSkipped, folder: folder).with(
            remedy: "correct them and run 'fewshot-features worker \(shellWord(path)) --shard \(shards)', "
                + "or merge without them by --skip-bad \(skipped.count)")
    }

    /// Notes that the existing features have another form than requested.
    private func tellForm(_ outcome: BuildOutcome, keepsParts: Bool, _ events: BuildEvents) throws(Fault) {
        let isVirtual = try virtualFile(of: outcome) != nil
        guard isVirtual != keepsParts else { return }
        events.note(
            isVirtual
                ? "the rows stay in the parts: \("\(action: .unpack(folder))" as Remedy) to give the files their own rows"
                : "the files have rows of their own: remove them to merge by a virtual dataset")
    }

    /// The path of a feature file whose rows are in the shard outputs; nil if there is none.
    private func virtualFile(of outcome: BuildOutcome) throws(Fault) -> String? {
        for file in outcome.files where try FeatureFile(path: file.path).isVirtual { return file.path }
        return nil
    }

    /// Reads the records of all shards, in order.
    private func finishedRecords() throws(Fault) -> [PartRecord] {
        var records: [PartRecord] = []
        var missing: [Int] = []
        for shard in shards.indices {
            // Every byte is compared with its checksum when it is copied.
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
                remedy: "\(action: .showShards(plan: path)), and run their workers")
        }
        return records
    }

    /// Removes the files of workers that did not finish.
    private func removeUnfinished() { removeFolder("\(partsFolder)/.unfinished") }

    private func removeParts(_ outcome: BuildOutcome) throws(Fault) {
        if let path = try virtualFile(of: outcome) {
            throw .configuration(
                option: "remove_parts", found: "'\(path)', whose rows are in the parts",
                expected: "files with rows of their own",
                remedy: "\(action: .unpack(folder)) first")
        }
        for shard in shards {
            for slice in shard.slices { removeFile("\(partsFolder)/\(Self.partName(shard.index, slice.part))") }
            removeFile(recordPath(shard.index))
        }
        removeEmptyFolder(partsFolder)
    }
}
