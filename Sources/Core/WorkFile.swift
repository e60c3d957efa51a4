/// A file that a stage writes while it works, and finds again after it was killed.
///
/// The process holds its lock: a second process that opens the file is told to wait, and a killed one holds nothing.
package struct WorkFile: ~Copyable {
    private let file: OpenFile

    package var path: String { file.path }

    /// Opens the file at `path`, or creates it.
    ///
    /// - Throws: `tryAgain` where another process has it open, `cannotCreate` where the folder cannot be written.
    package init(path: String) throws(Fault) {
        var opened = try Self.locked(path)
        // Its previous owner may have removed the file between the two calls; a third process would lock another one.
        while try !opened.isNamed() { opened = try Self.locked(path) }
        file = opened
    }

    private static func locked(_ path: String) throws(Fault) -> OpenFile {
        let file = try OpenFile(creating: path)
        guard try file.lockIfFree() else {
            throw Fault(
                .tryAgain, path, found: "another process doing the same work", expected: "none",
                remedy: "wait for it, or stop it; completed work is kept")
        }
        return file
    }

    /// The size of the file in bytes.
    package borrowing func byteCount() throws(Fault) -> Int { try file.byteCount() }

    /// Makes the file `byteCount` bytes long and reserves the disk space.
    package borrowing func resize(_ byteCount: Int) throws(Fault) {
        try file.resize(byteCount)
        if byteCount > 0 { try file.reserve(byteCount) }
    }

    /// Writes all of `bytes` at `offset`.
    package borrowing func write(_ bytes: RawSpan, at offset: Int) throws(Fault) {
        try file.write(bytes, at: offset)
    }

    /// Reads up to `count` bytes from `offset` on; fewer at the end of the file.
    package borrowing func read(_ count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        try file.read(count, at: offset)
    }
}
