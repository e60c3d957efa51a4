import Core
import Dispatch
import Synchronization
import TestSupport
import Testing

@Test func twoOwnersInTurnMakeAndRemoveOneLockedFolder() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.file("work")
    let faults = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
        for _ in 0 ..< 200 {
            do throws(Fault) {
                let file = try OpenFile(locking: "lock", in: folder)
                removeFile(folder.appending(path: "lock"))
                removeEmptyFolder(folder)
                _ = consume file
            } catch {
                guard error.status != .tryAgain else { continue }
                faults.withLock { $0.append("\(error)") }
            }
        }
    }
    #expect(faults.withLock { $0 } == [])
    #expect(try scratch.names.isEmpty)
}
