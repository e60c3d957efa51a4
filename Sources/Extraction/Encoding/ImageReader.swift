internal import Archives
internal import Core
internal import Synchronization

/// Reads image files ahead of the threads that decode them, in order and within a memory budget.
///
/// Files get memory in the order of the work, so the files that are needed first are read first, and no reader holds
/// memory for which an earlier one waits.
final class ImageReader: @unchecked Sendable {  // its state is behind the condition
    private let work: ImageBatches
    private let source: ItemSource
    private let clock: StageClock
    private let budget: MemoryBudget
    /// The number of files that may be read before they are taken.
    private let window: Int

    private let condition = Condition()
    private let turn = Mutex<Void>(())
    private var next = 0
    private var taken = 0
    private var isStopped = false
    private var files: [Int: Result<[UInt8], Fault>] = [:]

    /// The number of reading threads, which keep a disk or a file server busy.
    static let threadCount = 4

    /// Starts to read the images of `work` in `source`.
    init(_ work: ImageBatches, _ source: ItemSource, _ memory: MemoryShares, _ clock: StageClock) {
        self.work = work
        self.source = source
        self.clock = clock
        budget = MemoryBudget(memory.files)
        window = (memory.threads + 1) * (work.batches.map(\.count).max() ?? 1) + Self.threadCount
        clock.setThreads(Self.threadCount, of: .read)
        for _ in 0 ..< min(Self.threadCount, work.jobs.count) {
            startThread { [self] in run() }
        }
    }

    /// Waits for the bytes of file `index` and returns them; each file is taken once.
    ///
    /// The caller returns their memory with ``release(_:)``.
    func take(_ index: Int) throws(Fault) -> [UInt8] {
        let result = condition.withLock { () -> Result<[UInt8], Fault>? in
            while files[index] == nil, !isStopped { condition.wait() }
            taken += 1
            condition.broadcast()
            return files.removeValue(forKey: index)
        }
        guard let result else { throw Fault(.interrupted, work.path(index), found: "a request to stop") }
        return try result.get()
    }

    func release(_ bytes: [UInt8]) { budget.give(bytes.count) }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
        budget.close()
    }

    private func run() {
        while let (index, found) = nextFile() {
            let bytes = Result { () throws(Fault) in try read(found.get(), work.path(index)) }
            condition.withLock {
                files[index] = bytes
                condition.broadcast()
            }
        }
    }

    /// Reads a file whose memory is granted, unless it is beyond the budget.
    private func read(_ content: ItemContent, _ path: String) throws(Fault) -> [UInt8] {
        let size = content.byteCount
        guard size <= budget.total else { throw .tooLarge(path, "\(size) bytes") }
        do throws(Fault) {
            let bytes = try clock.measure(.read, 1) { () throws(Fault) in try content.bytes() }
            guard bytes.count == size else { throw .badData(path, found: "a file that changed while it was read") }
            return bytes
        } catch {
            budget.give(size)
            throw error
        }
    }

    /// Returns the next file once there is memory for it; nil after the last.
    private func nextFile() -> (index: Int, found: Result<ItemContent, Fault>)? {
        turn.withLock { _ in
            let index = condition.withLock { () -> Int? in
                while next - taken >= window, !isStopped { condition.wait() }
                guard next < work.jobs.count, !isStopped else { return nil }
                defer { next += 1 }
                return next
            }
            guard let index else { return nil }
            let found = Result { () throws(Fault) in
                // For an item of a page, finding it takes most of the time.
                try clock.measure(.read, 0) { () throws(Fault) in try source.content(of: work.path(index)) }
            }
            // A file beyond the budget gets its fault when it is read.
            if let size = try? found.get().byteCount, size <= budget.total, !budget.take(size) { return nil }
            return (index, found)
        }
    }
}

extension Fault {
    static func tooLarge(_ path: String, _ found: String) -> Fault {
        .badData(
            path, found: found, expected: "an image within the memory limit",
            remedy: "allow more with \(option: "max_memory"), or scale the image down")
    }
}
