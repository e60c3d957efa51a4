internal import Core
internal import Glibc
internal import Synchronization

/// A block of lines at the end of a terminal that is replaced as a whole; without effect if stderr is not a terminal.
public final class TerminalBlock: Sendable {
    private let height = Mutex(0)

    /// Creates an empty block.
    public init() {}

    /// Draws `text` if it fits on the terminal.
    public func draw(_ text: String) {
        guard Terminal.isThere else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let size = Terminal.size
        guard lines.count < size.rows, lines.allSatisfy({ $0.count < size.columns }) else { return }
        Terminal.write(text + "\n")
        height.withLock { $0 = lines.count }
    }

    /// Removes the lines drawn last.
    public func erase() {
        height.withLock { height in
            if height > 0 { Terminal.write("\u{1b}[\(height)A\r\u{1b}[J") }
            height = 0
        }
    }
}

/// The terminal on stderr.
package enum Terminal {
    /// Whether stderr is a terminal.
    package static var isThere: Bool { isatty(STDERR_FILENO) == 1 && setting("TERM") != "dumb" }

    /// The size of the terminal, by default 24×80.
    static var size: (rows: Int, columns: Int) {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    static func setting(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

    static func write(_ text: String) { writeAll(Array(text.utf8), to: STDERR_FILENO) }
}
