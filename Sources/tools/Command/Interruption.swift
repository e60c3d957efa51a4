public import Core
internal import Glibc
internal import Synchronization

/// The handling of requests to stop, by Ctrl-C or `kill`.
///
/// The first request sets a flag, so that the work stops where it can be resumed; the second one ends the process.
public enum Interruption {
    /// The number of the received signal, or 0.
    private static let signal = Atomic<Int32>(0)

    /// Whether a stop was requested.
    public static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

    /// The exit status: `tryAgain` after `kill`, which schedulers use, and `interrupted` after Ctrl-C.
    static var status: ExitStatus { signal.load(ordering: .relaxed) == SIGTERM ? .tryAgain : .interrupted }

    /// Ends the work if a stop was requested.
    ///
    /// - Throws: `interrupted` if a stop was requested.
    public static func check(_ what: String = "") throws(Fault) {
        guard isRequested else { return }
        throw Fault(
            .interrupted, what, found: "a request to stop",
            remedy: "run the same command again to resume; existing files are unchanged")
    }

    /// Installs the handlers of SIGINT and SIGTERM.
    static func install() {
        // Initializes the variable here, so that the handler only stores a number.
        signal.store(0, ordering: .relaxed)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { number in
            Interruption.signal.store(number, ordering: .relaxed)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        for number in [SIGINT, SIGTERM] { unsafe sigaction(number, &action, nil) }
    }
}
