internal import Archives
internal import Core
internal import Foundation

/// Reads image files ahead of the threads that decode them, in order and within a memory budget.
///
/// Files get memory in the order of the work, so the files that are needed first are read first, and no reader holds
/// memory for which an earlier one waits.
final class ImageReader: @unchecked Sendable {  // its state is behind the condition
    private let count: Int
    private let source: ItemSource
    private let path: @Sendable (Int) -> String
    private let clock: StageClock
    private let budget: MemoryBudget
    /// The number of files that may be read before they are taken.
    private let window: Int

    private let condition = NSCondition()
    private let turn = NSLock()
    private var next = 0
    private var taken = 0
    private var isStopped = false
    private var files: [Int: Result<[UInt8], Fault>] = [:]

    /// The number of reading threads, which keep a disk or a file server busy.
    static let threadCount = 4

    /// Starts to read the files 0 ..< `count` at `path` in `source`.
    init(
        count: Int, window: Int, budget: MemoryBudget, clock: StageClock, source: ItemSource,
        path: @escaping @Sendable (Int) -> String
    ) {
        self.count = count
        self.window = window
        self.budget = budget
        self.clock = clock
        self.source = source
        self.path = path
        clock.setThreads(Self.threadCount, of: .read)
        for _ in 0 ..< min(Self.threadCount, count) {
            let thread = Thread { [self] in run() }
            thread.name = "read"
            thread.start()
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
        guard let result else { throw Fault(.interrupted, path(index), found: "a request to stop") }
        return try result.get()
    }

    func release(_ bytes: [UInt8]) { budget.give(bytes.count) }

    /// Stops the threads after their current files.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
        budget.close()
    }

    private func run() {
        while let (index, found) = nextFile() {
            var result: Result<[UInt8], Fault> = found.map { _ in [] }
            var size = 0
            do throws(Fault) {
                let content = try found.get()
                size = content.byteCount
                guard size <= budget.total else { throw .tooLarge(path(index), "\(size) bytes") }
                let bytes = try clock.measure(.read, 1) { () throws(Fault) in try content.bytes() }
                // The memory was granted for the former size.
                guard bytes.count == size else {
                    throw .badData(path(index), found: "a file that changed while it was read")
                }
                result = .success(bytes)
            } catch {
                if size > 0, size <= budget.total { budget.give(size) }
                result = .failure(error)
            }
            condition.withLock {
                files[index] = result
                condition.broadcast()
            }
        }
    }

    /// Returns the next file once there is memory for it; nil after the last.
    private func nextFile() -> (index: Int, found: Result<ItemContent, Fault>)? {
        turn.withLock {
            let index = condition.withLock { () -> Int? in
                while next - taken >= window, !isStopped { condition.wait() }
                guard next < count, !isStopped else { return nil }
                defer { next += 1 }
                return next
            }
            guard let index else { return nil }
            do throws(Fault) {
                // For an item of a page, finding it takes most of the time.
                let content = try clock.measure(.read, 0) { () throws(Fault) in try source.content(of: path(index)) }
                // A file beyond the budget gets its fault when it is read.
                let size = content.byteCount
                if size > 0, size <= budget.total, !budget.take(size) { return nil }
                return (index, .success(content))
            } catch { return (index, .failure(error)) }
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
