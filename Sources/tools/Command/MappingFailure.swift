internal import Core
internal import Glibc

/// What a tool says where a page of a mapped file cannot be read: the disk has failed, or someone has cut the file under its reader.
///
/// The system tells that by SIGBUS in the middle of whatever reads. Files are published whole, so the process can end on the spot.
enum MappingFailure {
    private static let sentence: StaticString =
        "error: found a file that can no longer be read, because the disk fails or the file was cut meanwhile; check the disk and run the same command again.\n"

    /// Sets the handler, which calls nothing but what is safe in one.
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
