internal import Archives
internal import CLIP
public import Core
internal import Datasets
internal import FeatureStore
internal import Images
internal import Kernels

extension FeatureBuild {
    /// Makes what is not there yet.
    ///
    /// - Throws: `badData` for prompts or images that cannot be used, `cannotCreate` where features made otherwise are in the
    ///   way, `tryAgain` where another process is at work, `inputOutput` for a full disk, and what `progress` throws. What was encoded is
    ///   kept in all cases, and the same call goes on from there.
    @discardableResult
    public func run(_ events: BuildEvents = .init()) throws(Fault) -> BuildOutcome {
        let plan = try BuildPlan(self)
        return try finish(plan, events) { standing, folder, clock throws(Fault) in
            plan.notes.forEach(events.note)
            if precision == .auto, plan.precision == .bfloat16 {
                events.note("encoding in bfloat16, which this processor has; --precision f32 is slower and exact")
            }
            try encodePrompts(plan, standing, folder, events)
            return try encodeImages(plan, standing, folder, clock, events)
        }
    }

    /// Makes what is not there yet of `plan` with `make`, which fills the work folder and says which images it left out.
    func finish(
        _ plan: BuildPlan, _ events: BuildEvents,
        _ make: (Standing, borrowing WorkFolder, StageClock) throws(Fault) -> [UnusableImage]
    ) throws(Fault) -> BuildOutcome {
        try WorkFolder.finishPublishing(to: output)
        let standing = try Standing(plan, self)
        let clock = StageClock()
        guard !standing.isComplete else { return try outcome(plan, standing, [], clock) }
        let folder = try WorkFolder(output: output, files: standing.missing(plan), replaces: replaces)
        let skipped = try make(standing, folder, clock)
        try folder.publish(standing.names(plan), to: output)
        try ErrorList.write(skipped, in: output)
        return try outcome(plan, standing, skipped, clock)
    }

    /// What a run would do, without doing it.
    public func summary() throws(Fault) -> BuildSummary {
        let plan = try BuildPlan(self)
        return BuildSummary(plan, try Standing(plan, self), self)
    }

    private func outcome(
        _ plan: BuildPlan, _ standing: Standing, _ skipped: [UnusableImage], _ clock: StageClock
    ) throws(Fault) -> BuildOutcome {
        var files = try plan.parts.map { part throws(Fault) in
            BuildOutcome.File(
                part: part.part, path: path(of: part.part), count: try FeatureFile(path: path(of: part.part)).count,
                views: part.views, width: plan.width, type: type, isReused: standing.isThere(part.part))
        }
        files.append(
            .init(
                part: .text, path: path(of: .text), count: plan.text.classes.count, views: plan.text.promptCount,
                width: plan.width, type: type, isReused: standing.isThere(.text)))
        return BuildOutcome(
            files: files, skipped: skipped, stages: clock.rates, seconds: clock.seconds, notes: plan.notes)
    }

    func path(of part: Part) -> String { "\(output)/\(part.fileName)" }

    /// Puts the text features into the work folder, unless they are there.
    func encodePrompts(
        _ plan: BuildPlan, _ standing: Standing, _ folder: borrowing WorkFolder, _ events: BuildEvents
    ) throws(Fault) {
        let staged = "\(folder.path)/\(Part.text.fileName)"
        guard !standing.isThere(.text), try FileKind.found(at: staged) == .absent else { return }
        let text = plan.text
        var unfinished = try UnfinishedFeatures(
            folder: folder.path, name: "prompts", count: text.texts.count, rowBytes: plan.width * type.width)
        if standing.isExtendable(.text) { try unfinished.take(from: path(of: .text), for: text) }
        if !unfinished.isWhole {
            let encoder = try TextEncoder(plan.weights, precision: plan.precision)
            let work = PromptEncoding(
                text, encoder, type: type, missing: (0 ..< text.texts.count).filter { !unfinished.hasRow($0) })
            try unfinished.fill(work.batches.count, threads: threads ?? Parallel.threadCount, make: work.rows(ofBatch:))
            {
                done throws(Fault) in
                try events.progress(
                    BuildProgress(
                        what: "prompts", done: work.count(ofBatches: done), total: work.count, stages: []))
            }
        }
        try FeatureAssembly.write(text, width: plan.width, type: type, from: unfinished, to: staged)
        unfinished.remove()
    }

    private func encodeImages(
        _ plan: BuildPlan, _ standing: Standing, _ folder: borrowing WorkFolder, _ clock: StageClock,
        _ events: BuildEvents
    ) throws(Fault) -> [UnusableImage] {
        var parts = plan.parts.filter { !standing.isThere($0.part) }
        guard !parts.isEmpty else { return [] }
        var count = 0
        for index in parts.indices {
            parts[index].firstRow = count
            count = parts[index].rows.upperBound
        }
        var wanted = plan
        wanted.parts = parts
        var unfinished = try UnfinishedFeatures(
            folder: folder.path, name: "images", count: count,
            rowBytes: plan.width * type.width + ImageRow.checksumBytes)
        for part in parts where standing.isExtendable(part.part) {
            try unfinished.take(from: path(of: part.part), for: part)
        }
        var unusable: [UnusableImage] = []
        if !unfinished.isWhole { unusable = try encodeMissing(wanted, &unfinished, clock, events) }
        for part in parts {
            // Of the part to test on, where there is one: what is found must not depend on which parts are made now.
            let findings =
                part.part == plan.parts.last?.part
                ? try PrecisionAgreement.findings(
                    part, plan, standing.textPath(folder.path, self), there: unfinished.items(of: part)
                ) { item throws(Fault) in
                    let bytes = try unfinished.read(part.row(item) ..< part.row(item) + 1)
                    return unsafe widened(bytes.span.bytes, type, count: plan.width)
                } : nil
            try clock.measure(.write, part.items.count) { () throws(Fault) in
                try FeatureAssembly.write(
                    part, of: plan, type: type, from: unfinished, findings: findings,
                    to: "\(folder.path)/\(part.part.fileName)")
            }
        }
        return unusable
    }

    /// Encodes the views of a plan's parts that are not there yet.
    ///
    /// - Returns: images that could not be used, at most as many as may be left out.
    func encodeMissing(
        _ plan: BuildPlan, _ unfinished: inout UnfinishedFeatures, _ clock: StageClock, _ events: BuildEvents,
        encoder: ImageEncoder? = nil
    ) throws(Fault) -> [UnusableImage] {
        let encoder = if let encoder { encoder } else { try ImageEncoder(plan.weights, precision: plan.precision) }
        let memory = try MemoryPlan(self, plan.weights, items: plan.itemCount, imagesAtATime: encoder.imagesAtATime)
        let work = try ImageBatches(
            plan.parts, unfinished, of: plan.images, imagesAtATime: encoder.imagesAtATime, size: memory.viewsAtATime,
            threads: memory.threads)
        try requireImages(work, plan)
        let most = work.batches.map(\.count).max() ?? 1
        let reader = ImageReader(
            count: work.jobs.count, window: (memory.threads + 1) * most + ImageReader.threadCount,
            budget: MemoryBudget(memory.files), clock: clock, source: plan.images
        ) { place in
            let job = work.jobs[place]
            return plan.parts[job.part].items[job.item].path
        }
        defer { reader.stop() }
        for stage in [StageClock.Stage.decode, .encode] { clock.setThreads(memory.threads, of: stage) }
        let encoding = ImageEncoding(plan, self, encoder, work, memory, reader, clock)
        clock.start()
        try unfinished.fill(work.batches.count, threads: memory.threads, make: encoding.rows(ofBatch:)) {
            done throws(Fault) in
            try events.progress(
                BuildProgress(
                    what: "images", done: work.viewCount * done / work.batches.count, total: work.viewCount,
                    stages: clock.rates))
        }
        clock.stop()
        let unusable = encoding.failures.all
        guard unusable.count <= maximumSkipped else {
            try ErrorList.write(unusable, in: output)
            throw ErrorList.fault(unusable, of: work.jobs.count, allowed: maximumSkipped, folder: output)
        }
        return unusable
    }

    /// Makes sure that there are images, before hours go by.
    private func requireImages(_ work: ImageBatches, _ plan: BuildPlan) throws(Fault) {
        let missing = UnusableImages()
        Parallel.forEach((work.jobs.count + 255) / 256) { block in
            for place in block * 256 ..< min((block + 1) * 256, work.jobs.count) {
                let part = plan.parts[work.jobs[place].part]
                let item = part.items[work.jobs[place].item].path
                do throws(Fault) { try plan.images.require(item) } catch {
                    // What cannot be looked at is met again when it is read.
                    guard [.badData, .noInput].contains(error.status) else { continue }
                    missing.add(place, part.part, item, error)
                }
            }
        }
        let all = missing.all
        guard all.count > maximumSkipped else { return }
        guard all.count < work.jobs.count else {
            // An archive that is there and cannot be read says so itself.
            if let fault = fault(of: all[0].item, plan), fault.status != .noInput { throw fault }
            throw Fault(
                .noInput, plan.imageFolder, found: "none of the \(all.count) images",
                expected: "'\(all[0].item)' and others",
                remedy: "check --root, or see 'fewshot-split check \(shellWord(split)) --root \(shellWord(root))'")
        }
        try ErrorList.write(all, in: output)
        throw ErrorList.fault(all, of: work.jobs.count, allowed: maximumSkipped, folder: output)
    }

    private func fault(of item: String, _ plan: BuildPlan) -> Fault? {
        do throws(Fault) { try plan.images.require(item) } catch { return error }
        return nil
    }
}
