internal import Archives
internal import Core
internal import Foundation

/// Reads images ahead of the threads that decode them, in order, as far as memory allows.
///
/// Files are given room in the order of the work. So those that are needed first are there first, and a reader never
/// holds back what an earlier one waits for.
final class ImageReader: @unchecked Sendable {  // its state is behind the condition
    private let count: Int
    private let source: ItemSource
    private let path: @Sendable (Int) -> String
    private let clock: StageClock
    private let budget: MemoryBudget
    /// Files that may be there before they are taken.
    private let window: Int

    private let condition = NSCondition()
    private let turn = NSLock()
    private var next = 0
    private var taken = 0
    private var isStopped = false
    private var files: [Int: Result<[UInt8], Fault>] = [:]

    /// Threads that read: enough to keep a disk busy, or a file server.
    static let threadCount = 4

    /// Starts to read files 0 ..< `count`, whose paths in `source` are those that `path` says.
    init(
        count: Int, window: Int, budget: MemoryBudget, clock: StageClock, source: ItemSource,
        path: @escaping @Sendable (Int) -> String
    ) {
        (self.count, self.window, self.budget, self.clock) = (count, window, budget, clock)
        (self.source, self.path) = (source, path)
        clock.setThreads(Self.threadCount, of: .read)
        for _ in 0 ..< min(Self.threadCount, count) {
            let thread = Thread { [self] in run() }
            thread.name = "read"
            thread.start()
        }
    }

    /// The bytes of file `index`, which is taken once; waits until they are there.
    ///
    /// Who takes them gives their room back with ``release(_:)``.
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

    /// Ends the threads after the files that they are at.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
        budget.close()
    }

    private func run() {
        while let (index, found) = nextFile() {
            var (result, size): (Result<[UInt8], Fault>, Int) = (found.map { _ in [] }, 0)
            do throws(Fault) {
                let content = try found.get()
                size = content.byteCount
                guard size <= budget.total else { throw .tooLarge(path(index), "\(size) bytes") }
                let bytes = try clock.measure(.read, 1) { () throws(Fault) in try content.bytes() }
                // A file that has grown since is not what there is room for.
                guard bytes.count == size else {
                    throw .badData(path(index), found: "a file that changes while it is read")
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

    /// The next file, once there is room for it; nil after the last.
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
                // Of what lies in a page with others, finding it is what takes the time.
                let content = try clock.measure(.read, 0) { () throws(Fault) in try source.content(of: path(index)) }
                // What never finds room is answered with its fault by who reads it.
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
            path, found: found, expected: "an image that fits into the memory that may be used",
            remedy: "allow more with --max-memory, or scale the image down")
    }
}
