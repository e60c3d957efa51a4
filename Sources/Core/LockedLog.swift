internal import Glibc

/// A text file that several processes append whole lines to.
public enum LockedLog {
    /// Appends `line` and a newline under an exclusive lock, unless `isPresent` finds it among the lines already there.
    public static func append(
        _ line: String, to path: String, unless isPresent: (Substring) -> Bool = { _ in false }
    ) throws(Fault) {
        try makeFolder(parentFolder(of: path))
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system("append", path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .system("lock", path) }
        }
        let before = lseek(descriptor, 0, SEEK_END)
        var text = line + "\n"
        if before > 0 {
            let file = try MappedFile(path: path)
            let bytes = file.bytes
            let present = unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
            if present.split(separator: "\n").contains(where: isPresent) { return }
            // A killed writer may have left half a line: it stays alone on its line.
            if !present.hasSuffix("\n") { text = "\n" + text }
        }
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes[done...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let code = errno
                ftruncate(descriptor, before)
                throw .system("append", path, code: code)
            }
            done += written
        }
    }
}
