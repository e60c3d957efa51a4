internal import Glibc

/// Reads the whole of a file into memory, for work that must not wait for a disk later.
///
/// - Throws: `noInput` if there is none, `badData` if it is empty or no regular file, `inputOutput` if the disk fails or the
///   file shrinks.
package func fileBytes(_ path: String) throws(Fault) -> [UInt8] {
    // A pipe is not waited for.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open for reading", path) }
    defer { close(descriptor) }
    var status = Glibc.stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .system("fstat", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
        throw .badData(path, found: "a folder or device", expected: "a regular file", remedy: "name the file itself")
    }
    let count = Int(status.st_size)
    guard count > 0 else {
        throw .badData(path, found: "an empty file", expected: "data", remedy: "make or copy it again")
    }
    var (done, failure): (Int, Int32?) = (0, nil)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        while done < count, failure == nil {
            let got = unsafe read(descriptor, buffer.baseAddress?.advanced(by: done), count - done)
            if got < 0, errno == EINTR { continue }
            if got <= 0 { failure = got < 0 ? errno : EIO } else { done += got }
        }
        used = done
    }
    if let failure { throw .system("read", path, code: failure) }
    return bytes
}
