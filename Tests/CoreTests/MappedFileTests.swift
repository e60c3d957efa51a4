import Core
import Foundation
import TestSupport
import Testing

@Test(.timeLimit(.minutes(5))) func aPipeThatNobodyWritesToIsRefusedAndNotWaitedFor() throws {
    let scratch = try ScratchFolder()
    let made = unsafe mkfifo(scratch.file("pipe"), 0o600)
    #expect(made == 0)
    for path in [scratch.file("pipe"), scratch.path, "/dev/null"] {
        let refused = fault { () throws(Fault) in _ = try MappedFile(path: path) }
        #expect(refused?.status == .badData && refused?.found == "a folder, device or pipe", "\(path)")
    }
}
