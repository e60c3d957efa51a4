/// A folder inside an output in which files are completed before they are moved to their place.
///
/// Its name is random, as processes in two containers may have the same number, and it is locked while its writer
/// lives: the next writer removes what a killed one has left. Dropped, it removes itself with every file that was not
/// moved.
package struct StagedFolder: ~Copyable {
    static let lockName = "lock"

    package let path: String
    private let output: String
    private let isNewOutput: Bool
    private let lock: OpenFile

    /// Creates the folder, whose name starts with `work`, in `output`, and `output` if it is missing.
    ///
    /// - Throws: `cannotCreate` naming `output` if it cannot be written.
    package init(in output: String, for work: String) throws(Fault) {
        isNewOutput = FileKind(at: output) == .absent
        self.output = output
        Abandoned.remove(in: output, prefix: ".\(work)")
        do throws(Fault) {
            lock = try Self.locked(in: output, work)
        } catch {
            throw error.with(subject: output)
        }
        path = parentFolder(of: lock.path)
    }

    private static func locked(in output: String, _ work: String) throws(Fault) -> OpenFile {
        while true {
            let path = output.appending(path: ".\(work).\(randomName())\(Abandoned.suffix)")
            try makeFolder(path)
            let lock: OpenFile
            do throws(Fault) { lock = try OpenFile(creating: path.appending(path: lockName)) } catch {
                // Another writer has taken the folder for abandoned before it was locked.
                if error.failure == .absent { continue }
                throw error
            }
            // Where a file system has no locks, nothing is ever taken for abandoned.
            let isMine = (try? lock.lockIfFree()) ?? true
            if isMine, try !lock.isRemoved() { return lock }
        }
    }

    deinit {
        removeFolder(path)
        // Only if it is empty.
        if isNewOutput { removeEmptyFolder(output) }
    }

    /// Runs `body` with faults that name the final place of a file.
    package borrowing func naming(_ body: () throws(Fault) -> Void) throws(Fault) {
        do throws(Fault) { try body() } catch {
            throw error.with(subject: error.subject.replacing(path, with: output))
        }
    }

    /// Moves complete files to their place in the output.
    package borrowing func publish(_ names: [String]) throws(Fault) {
        for name in names { try moveFile(path.appending(path: name), to: output.appending(path: name)) }
    }

    /// Writes a small file and puts it at `place` below the output; its folder is not synced.
    package borrowing func publish(_ bytes: [UInt8], to place: String) throws(Fault) {
        let final = output.appending(path: place)
        do throws(Fault) {
            let file = try OpenFile(creating: path.appending(path: lastComponent(of: place)))
            unsafe try file.write(bytes.span.bytes, at: 0)
            try file.sync()
            try renameFile(file.path, to: final)
        } catch {
            throw error.with(subject: final)
        }
    }
}
