internal import Core
internal import Glibc

/// The handling of SIGBUS, which signals that a page of a mapped file cannot be read because of a failed disk or a
/// truncated file.
///
/// The process can end at once, because output files are published only when complete.
enum MappingFailure {
    private static let sentence: StaticString =
        """
        error: found a file that can no longer be read, because the disk failed or the file was truncated; check the \
        disk and run the same command again.

        """

    /// Installs the handler, which calls only async-signal-safe functions.
    static func install() {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in
            _ = unsafe write(
                STDERR_FILENO, MappingFailure.sentence.utf8Start, MappingFailure.sentence.utf8CodeUnitCount)
            _exit(ExitStatus.inputOutput.rawValue)
        }
        unsafe sigaction(SIGBUS, &action, nil)
    }
}
