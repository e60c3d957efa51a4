public import Artifacts
internal import Glibc
internal import Synchronization

/// Whether the user asked the tool to stop, with Ctrl-C or `kill`.
///
/// The first request sets a flag, so that the work can stop where it can be resumed; the second one ends the process.
public enum Interruption {
    private static let flag = Atomic<Bool>(false)

    public static var isRequested: Bool { flag.load(ordering: .relaxed) }

    /// Ends the work if the user asked for it.
    ///
    /// - Throws: `interrupted`.
    public static func check(_ what: String = "") throws(Fault) {
        guard isRequested else { return }
        throw Fault(
            .interrupted, what, found: "a request to stop",
            remedy: "run the same command again; what existed is unchanged")
    }

    /// Sets the handlers of SIGINT and SIGTERM.
    static func install() {
        // Made here, so that the handler does nothing but one store.
        flag.store(false, ordering: .relaxed)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in Interruption.flag.store(true, ordering: .relaxed) }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        for number in [SIGINT, SIGTERM] { unsafe sigaction(number, &action, nil) }
    }
}
