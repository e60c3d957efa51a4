internal import Archives
internal import CLIP
public import Core
internal import FeatureStore
internal import Images
internal import Kernels
internal import Splits

extension FeatureBuild {
    /// Makes the missing files.
    ///
    /// After an error, the encoded rows are kept, and the same call resumes from them.
    ///
    /// - Throws: `badData` for unusable prompts or images, `cannotCreate` for existing features with other settings,
    ///   `tryAgain` if another process is at work, `inputOutput` for a full disk, and what `progress` throws.
    @discardableResult
    public func run(_ events: BuildEvents = .init()) throws(Fault) -> BuildOutcome {
        try BuildRun.finish(ResolvedBuild(self), events) { run throws(Fault) in
            run.resolved.text.notes.forEach(events.note)
            if settings.precision == .auto, run.resolved.precision == .bfloat16 {
                let exact = OptionName("precision")
                events.note("encoding in bfloat16, which this processor supports; \(exact) f32 is slower and exact")
            }
            try run.encodePrompts()
            return try run.encodeImages()
        }
    }

    /// Describes the files that a run would make.
    public func summary() throws(Fault) -> BuildSummary { try BuildSummary(ResolvedBuild(self)) }

    func path(of kind: FeatureFile.Kind) -> String { output.appending(path: kind.fileName) }
}

/// The making of a build's missing files in its work folder.
struct BuildRun: ~Copyable {
    let resolved: ResolvedBuild
    let existing: ExistingOutput
    let folder: WorkFolder
    let clock: StageClock
    let events: BuildEvents

    private var build: FeatureBuild { resolved.build }

    /// Makes the missing files with `make`, which fills the work folder and returns the skipped images.
    static func finish(
        _ resolved: ResolvedBuild, _ events: BuildEvents,
        _ make: (borrowing BuildRun) throws(Fault) -> [UnusableImage]
    ) throws(Fault) -> BuildOutcome {
        let build = resolved.build
        try WorkFolder.finishPublishing(to: build.output)
        let existing = try ExistingOutput(resolved)
        let clock = StageClock()
        var skipped: [UnusableImage] = []
        if !existing.isComplete {
            let folder = try WorkFolder(output: build.output, files: existing.missing, replaces: build.replaces)
            let run = BuildRun(resolved: resolved, existing: existing, folder: folder, clock: clock, events: events)
            if let changes = existing.changes?.summary, !changes.isEmpty {
                events.note("since the last build, \(changes)")
            }
            skipped = try make(run)
            try run.folder.publish(existing.missingNames, to: build.output)
            try ErrorList.write(skipped, in: build.output)
            let paths = resolved.shapes.map { kind, _, _ in build.path(of: kind) }
            for sentence in try FeatureFolder.repeatedRows(in: paths) { events.note(sentence) }
        }
        SourcePaths(model: build.model, images: resolved.imageFolder).record(in: build.output)
        let files = try resolved.shapes.map { kind, _, views throws(Fault) in
            let path = build.path(of: kind)
            return BuildOutcome.File(
                part: kind, path: path, count: try FeatureFile(path: path).count, views: views, width: resolved.width,
                type: build.type, isReused: existing.has(kind))
        }
        return BuildOutcome(files: files, skipped: skipped, stages: clock.rates, seconds: clock.seconds)
    }

    /// The path of a new file in the work folder.
    func staged(_ kind: FeatureFile.Kind) -> String { folder.path.appending(path: kind.fileName) }

    /// Writes the text features to the work folder if they are missing.
    func encodePrompts() throws(Fault) {
        guard !existing.has(.text), try !hasStagedPrompts() else { return }
        let text = resolved.text
        let type = build.type
        var unfinished = try UnfinishedFeatures(
            folder: folder.path, name: "prompts", count: text.texts.count, rowBytes: resolved.rowBytes)
        try takePrompts(&unfinished)
        if !unfinished.isWhole {
            let missing = text.texts.indices.filter { !unfinished.hasRow($0) }
            try events.progress(BuildProgress(what: "prompts", done: 0, total: missing.count))
            let encoder = try TextEncoder(resolved.model, precision: resolved.precision)
            let size = 64
            try unfinished.fill(
                (missing.count + size - 1) / size, threads: build.threads ?? Parallel.threadCount,
                make: { batch throws(Fault) in
                    try text.rows(at: missing[batch * size ..< min((batch + 1) * size, missing.count)], encoder, type)
                },
                progress: { done throws(Fault) in
                    let done = min(done * size, missing.count)
                    try events.progress(BuildProgress(what: "prompts", done: done, total: missing.count))
                })
        }
        try FeatureAssembly.write(resolved, from: unfinished, to: staged(.text))
        unfinished.remove()
    }

    /// Copies the existing prompts; damaged ones are encoded again where they are to be replaced.
    private func takePrompts(_ unfinished: inout UnfinishedFeatures) throws(Fault) {
        guard existing.isExtendable(.text) || existing.isOutdated(.text) else { return }
        do throws(Fault) { try unfinished.take(from: build.path(of: .text), for: resolved.text) } catch {
            guard build.replaces, error.isAboutContent else { throw error }
        }
    }

    /// Whether the work folder has complete text features; removes damaged ones, so that they are made again.
    private func hasStagedPrompts() throws(Fault) -> Bool {
        guard try FileKind.found(at: staged(.text)) != .absent else { return false }
        do throws(Fault) {
            let file = try FeatureFile(path: staged(.text))
            try file.checkEveryByte()
            return true
        } catch {
            // A failing disk is no reason to drop finished work.
            guard error.isAboutContent else { throw error }
            removeFile(staged(.text))
            return false
        }
    }

    /// Copies the rows of images that existing files have, and tells how many are not encoded again.
    private func takeImages(_ unfinished: inout UnfinishedFeatures, of wanted: ResolvedBuild) throws(Fault) {
        guard !unfinished.isWhole else { return }
        let reusable = try ReusableRows(resolved, in: build.output)
        let count = try reusable.copy(to: &unfinished, of: wanted) { done, total throws(Fault) in
            try events.progress(BuildProgress(what: "compare", done: done, total: total))
        }
        guard count > 0 else { return }
        events.note("the features of \(count) of \(wanted.itemCount) images are kept: their files are the same")
    }

    fileprivate func encodeImages() throws(Fault) -> [UnusableImage] {
        var wanted = resolved
        wanted.replaceSubsets(resolved.subsets.filter { !existing.has($0.kind) })
        guard !wanted.subsets.isEmpty else { return [] }
        var unfinished = try wanted.unfinishedImages(in: folder.path)
        if unfinished.doneCount > 0 {
            let total = wanted.subsets.reduce(0) { $0 + $1.rows.count }
            events.note("\(unfinished.doneCount) of \(total) views were there already")
        }
        for subset in wanted.subsets where existing.isExtendable(subset.kind) {
            try unfinished.take(from: build.path(of: subset.kind), for: subset)
        }
        try takeImages(&unfinished, of: wanted)
        let unusable = unfinished.isWhole ? [] : try wanted.encodeMissing(&unfinished, clock, events)
        for subset in wanted.subsets {
            let findings = try precisionFindings(subset, encoded: unfinished.items(of: subset)) { item throws(Fault) in
                let bytes = try unfinished.read(subset.row(item) ..< subset.row(item) + 1)
                return unsafe widened(bytes.span.bytes, build.type, count: resolved.width)
            }
            try clock.measure(.write, subset.items.count) { () throws(Fault) in
                try FeatureAssembly.write(
                    subset, of: wanted, from: unfinished, findings: findings, to: staged(subset.kind))
            }
        }
        return unusable
    }

    /// The agreement of bfloat16 features with float32 ones; nil for other subsets than the last.
    ///
    /// The last is usually test: the findings must not depend on which files are made now.
    func precisionFindings(
        _ subset: ResolvedSubset, encoded items: [Int], plainView: (Int) throws(Fault) -> [Float]
    ) throws(Fault) -> [String: String]? {
        guard subset.name == resolved.subsets.last?.name else { return nil }
        let text = existing.has(.text) ? build.path(of: .text) : staged(.text)
        return try PrecisionAgreement.findings(subset, resolved, text, encoded: items, plainView: plainView)
    }
}

extension ResolvedBuild {
    /// Encodes the missing views of the subsets.
    ///
    /// - Returns: the unusable images, at most as many as may be left out.
    func encodeMissing(
        _ unfinished: inout UnfinishedFeatures, _ clock: StageClock, _ events: BuildEvents,
        encoder: ImageEncoder? = nil
    ) throws(Fault) -> [UnusableImage] {
        // The preparations are part of the time that the views take.
        let missing = subsets.reduce(0) { sum, subset in
            sum + subset.rows.count { !unfinished.hasRow($0) }
        }
        try events.progress(BuildProgress(what: "images", done: 0, total: missing))
        let encoder = if let encoder { encoder } else { try ImageEncoder(model, precision: precision) }
        let encoding = try ImageEncoding(self, encoder, unfinished, clock)
        defer { encoding.stop() }
        let batches = encoding.work.batches.count
        let total = encoding.work.viewCount
        clock.start()
        try unfinished.fill(batches, threads: encoding.threads, make: encoding.rows(ofBatch:)) { done throws(Fault) in
            try events.progress(
                BuildProgress(what: "images", done: total * done / batches, total: total, stages: clock.rates))
        }
        clock.stop()
        let unusable = encoding.failures.all
        if let note = encoding.clippingNote { events.note(note) }
        try checkSkipped(unusable, of: encoding.work.jobs.count)
        return unusable
    }

    /// Checks that the images exist before any of them is encoded.
    func requireImages(_ work: ImageBatches) throws(Fault) {
        let count = work.jobs.count
        let missing = UnusableImages()
        Parallel.forEachPiece(of: count, size: 256) { places in
            for place in places {
                do throws(Fault) { try images.require(work.path(place)) } catch {
                    // A failing disk is reported when the image is read.
                    if error.isAboutContent { missing.add(place, in: work, error) }
                }
            }
        }
        let all = missing.all
        guard all.count < count || all.count <= build.maximumSkipped else {
            // An unreadable archive has a fault of its own.
            do throws(Fault) { try images.require(all[0].item) } catch { if error.status != .noInput { throw error } }
            throw Fault(
                .noInput, imageFolder, found: "none of the \(count) images", expected: "'\(all[0].item)' and others",
                remedy: "check \(option: "root"), or \(action: .checkSplit(build.split, root: build.root))")
        }
        try checkSkipped(all, of: count)
    }

    /// Checks that no more than the allowed number of images is unusable; otherwise lists them.
    private func checkSkipped(_ images: [UnusableImage], of count: Int) throws(Fault) {
        guard images.count > build.maximumSkipped else { return }
        try ErrorList.write(images, in: build.output)
        throw ErrorList.fault(images, of: count, allowed: build.maximumSkipped, folder: build.output)
    }
}
