public import Core
internal import Glibc

/// The result of a program that was run to its end with an empty stdin.
package struct ProgramRun {
    /// The exit status or, as in shells, 128 plus the number of the signal that ended the program.
    package let status: Int32
    /// The start of stdout and of stderr.
    package let output, messages: String

    /// Runs the program at the path `words[0]`, with `posix_spawn`.
    ///
    /// - Throws: `unavailable` if it cannot be run.
    package init(_ words: [String], environment: [String: String]) throws(Fault) {
        let output = try NamelessFile()
        let messages = try NamelessFile()
        var process = pid_t()
        let code = unsafe withProgram(words, environment) { path, arguments, variables in
            var actions = unsafe posix_spawn_file_actions_t()
            unsafe posix_spawn_file_actions_init(&actions)
            defer { unsafe posix_spawn_file_actions_destroy(&actions) }
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, output.descriptor, STDOUT_FILENO)
            unsafe posix_spawn_file_actions_adddup2(&actions, messages.descriptor, STDERR_FILENO)
            // Threads of this process may block all signals, and a shell that does not receive SIGCHLD waits forever.
            var attributes = posix_spawnattr_t()
            unsafe posix_spawnattr_init(&attributes)
            defer { unsafe posix_spawnattr_destroy(&attributes) }
            var none = sigset_t()
            unsafe sigemptyset(&none)
            unsafe posix_spawnattr_setsigmask(&attributes, &none)
            unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
            return unsafe posix_spawn(&process, path, &actions, &attributes, arguments, variables)
        }
        guard code == 0 else { throw .notRun(words[0], code) }
        status = try Self.wait(for: process, words[0])
        self.output = output.text()
        self.messages = messages.text()
    }

    private static func wait(for process: pid_t, _ program: String) throws(Fault) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw .notRun(program, errno) }
        }
        // The equivalent of the macros WIFEXITED, WEXITSTATUS, and WTERMSIG.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}

/// Replaces this process by the program at the path `words[0]`, with `execve`.
public func becomeProgram(_ words: [String], environment: [String: String]) throws(Fault) -> Never {
    // Tools ignore this signal, but the program should have the default.
    signal(SIGXFSZ, SIG_DFL)
    let code = unsafe withProgram(words, environment) { path, arguments, variables in
        unsafe execve(path, arguments, variables)
        return errno
    }
    throw .notRun(words[0], code)
}

/// Returns the path of a program: `name` itself if it contains a slash, else the first match on the PATH.
public func findProgram(_ name: String, environment: [String: String]) -> String? {
    let folders = name.contains("/") ? [""] : (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/" }
    return folders.map { $0 + name }.first { path in
        guard case .file = FileKind(at: path) else { return false }
        return unsafe access(path, X_OK) == 0
    }
}

private typealias WordList = UnsafePointer<UnsafeMutablePointer<CChar>?>

private func withProgram(
    _ words: [String], _ environment: [String: String], _ body: (UnsafePointer<CChar>, WordList, WordList) -> Int32
) -> Int32 {
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    let settings = unsafe variables.map { unsafe strdup($0) } + [nil]
    defer { unsafe (arguments + settings).forEach { unsafe free($0) } }
    return unsafe words[0].withCString { path in unsafe body(path, arguments, settings) }
}

extension Fault {
    fileprivate static func notRun(_ program: String, _ code: Int32) -> Fault {
        Fault(
            .unavailable, program, found: "a program that cannot be run (\(unsafe String(cString: strerror(code))))",
            remedy: "check its installation")
    }
}

/// An anonymous temporary file for the output of a program, which unlike a pipe never blocks.
@safe private struct NamelessFile: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>

    /// Opens a file in the folder for temporary files, with `tmpfile`.
    init() throws(Fault) {
        guard let opened = unsafe tmpfile() else { throw .system(.create, "the folder for temporary files") }
        unsafe file = opened
    }

    deinit { unsafe fclose(file) }

    var descriptor: Int32 { unsafe fileno(file) }

    borrowing func text() -> String {
        let limit = 1 << 20
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, unsafe pread(descriptor, buffer.baseAddress, limit, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
