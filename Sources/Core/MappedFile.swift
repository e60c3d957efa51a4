internal import Glibc

/// A read-only file mapping, unmapped when the value is destroyed.
///
/// Nothing is read until a page is touched, so opening costs the same whatever the size.
@safe public struct MappedFile: ~Copyable, @unchecked Sendable {  // read-only after init
    private let base: UnsafeRawPointer
    public let byteCount: Int
    public let path: String

    /// Maps the regular file at `path`.
    ///
    /// - Throws: `noInput` if there is none, `badData` if it is empty or no regular file.
    public init(path: String) throws(Fault) {
        // Opening a pipe would otherwise wait for who writes it; to a regular file it makes no difference.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system("open for reading", path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("fstat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .badData(
                path, found: "a folder, device or pipe", expected: "a regular file", remedy: "name the file itself")
        }
        let count = Int(status.st_size)
        guard count > 0 else {
            throw .badData(path, found: "an empty file", expected: "data", remedy: "make or copy it again")
        }
        guard let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe address != MAP_FAILED
        else { throw .system("mmap", path) }
        unsafe self.base = UnsafeRawPointer(address)
        self.byteCount = count
        self.path = path
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }

    /// The whole file; cannot outlive the mapping.
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Gives the pages of `range` back to the page cache, so that resident memory does not grow as a file is streamed.
    public borrowing func release(_ range: Range<Int>) {
        let page = 4096
        let first = (range.lowerBound + page - 1) / page * page
        let last = min(range.upperBound, byteCount) / page * page
        guard first < last else { return }
        unsafe madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, MADV_DONTNEED)
    }
}
