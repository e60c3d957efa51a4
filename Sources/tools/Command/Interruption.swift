public import Core
internal import Glibc
internal import Synchronization

/// Whether the user asked the tool to stop, with Ctrl-C or `kill`.
///
/// The first request sets a flag, so that the work can stop where it can be resumed; the second one ends the process.
public enum Interruption {
    /// The signal that asked; 0 while none did.
    private static let signal = Atomic<Int32>(0)

    public static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

    /// What the process tells its caller: who was asked to end by `kill`, as a scheduler does, is to be run again.
    static var status: ExitStatus { signal.load(ordering: .relaxed) == SIGTERM ? .tryAgain : .interrupted }

    /// Ends the work if the user asked for it.
    ///
    /// - Throws: `interrupted`.
    public static func check(_ what: String = "") throws(Fault) {
        guard isRequested else { return }
        throw Fault(
            .interrupted, what, found: "a request to stop",
            remedy: "run the same command again to go on; what existed is unchanged")
    }

    /// Sets the handlers of SIGINT and SIGTERM.
    static func install() {
        // Made here, so that the handler does nothing but one store.
        signal.store(0, ordering: .relaxed)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { number in
            Interruption.signal.store(number, ordering: .relaxed)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        for number in [SIGINT, SIGTERM] { unsafe sigaction(number, &action, nil) }
    }
}
