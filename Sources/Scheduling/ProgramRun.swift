public import Core
internal import Glibc

/// A program that was run to its end, with nothing on its stdin, and what it said.
package struct ProgramRun {
    /// Its exit status, or 128 and the number of the signal that ended it, as shells count.
    package let status: Int32
    package let output: String
    package let messages: String

    /// Runs the program at the path `words[0]`.
    ///
    /// The corresponding C function is `posix_spawn`.
    ///
    /// - Throws: `unavailable` for what cannot be run.
    package init(_ words: [String], environment: [String: String]) throws(Fault) {
        let output = try NamelessFile()
        let messages = try NamelessFile()
        let start = SpawnStart()
        start.connect(output: output.descriptor, messages: messages.descriptor)
        var process = pid_t()
        let code = unsafe withProgram(words, environment) { path, arguments, variables in
            unsafe start.withPointers { actions, attributes in
                unsafe posix_spawn(&process, path, actions, attributes, arguments, variables)
            }
        }
        guard code == 0 else { throw .notRun(words[0], code) }
        status = try Self.wait(for: process, words[0])
        (self.output, self.messages) = (output.text(), messages.text())
    }

    private static func wait(for process: pid_t, _ program: String) throws(Fault) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw .notRun(program, errno) }
        }
        // What WIFEXITED, WEXITSTATUS and WTERMSIG do, which are macros.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}

/// Makes this process the program at the path `words[0]`, which then has its terminal, its signals and its caller.
///
/// The corresponding C function is `execve`.
public func becomeProgram(_ words: [String], environment: [String: String]) throws(Fault) -> Never {
    // What a tool ignores, the program is to have as usual.
    signal(SIGXFSZ, SIG_DFL)
    let code = unsafe withProgram(words, environment) { path, arguments, variables in
        unsafe execve(path, arguments, variables)
        return errno
    }
    throw .notRun(words[0], code)
}

/// Where a program is: the path itself if it has a slash, else the first match on the PATH of `environment`.
public func findProgram(_ name: String, environment: [String: String]) -> String? {
    let folders = name.contains("/") ? [""] : (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/" }
    return folders.map { $0 + name }.first { path in
        guard case .file = FileKind(at: path) else { return false }
        return unsafe access(path, X_OK) == 0
    }
}

private typealias WordList = UnsafePointer<UnsafeMutablePointer<CChar>?>

/// Lends words and variables in the form that the C functions take.
private func withProgram(
    _ words: [String], _ environment: [String: String],
    _ body: (UnsafePointer<CChar>, WordList, WordList) -> Int32
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

/// How a program starts: which files its stdin, stdout and stderr are, and that no signal is held back.
///
/// Threads of this process may hold all of them back, and a shell without SIGCHLD waits for ever.
@safe private struct SpawnStart: ~Copyable {
    private let actions = UnsafeMutablePointer<posix_spawn_file_actions_t>.allocate(capacity: 1)
    private let attributes = UnsafeMutablePointer<posix_spawnattr_t>.allocate(capacity: 1)

    init() {
        unsafe posix_spawn_file_actions_init(actions)
        unsafe posix_spawnattr_init(attributes)
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(attributes, &none)
        unsafe posix_spawnattr_setflags(attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    }

    deinit {
        unsafe posix_spawn_file_actions_destroy(actions)
        unsafe posix_spawnattr_destroy(attributes)
        unsafe actions.deallocate()
        unsafe attributes.deallocate()
    }

    borrowing func connect(output: Int32, messages: Int32) {
        unsafe posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(actions, messages, STDERR_FILENO)
    }

    borrowing func withPointers(
        _ body: (UnsafePointer<posix_spawn_file_actions_t>, UnsafePointer<posix_spawnattr_t>) -> Int32
    ) -> Int32 {
        unsafe body(actions, attributes)
    }
}

/// A file without a name, into which a program writes without anyone having to read at the same time.
@safe private struct NamelessFile: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>

    /// Opens it in the folder for temporary files.
    ///
    /// The corresponding C function is `tmpfile`.
    init() throws(Fault) {
        guard let opened = unsafe tmpfile() else { throw .system(.create, "the folder for temporary files") }
        unsafe file = opened
    }

    deinit { unsafe fclose(file) }

    var descriptor: Int32 { unsafe fileno(file) }

    /// The first MiB of what was written.
    borrowing func text() -> String {
        let room = 1 << 20
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            count = max(0, unsafe pread(descriptor, buffer.baseAddress, room, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
