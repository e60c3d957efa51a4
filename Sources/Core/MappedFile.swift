internal import Glibc

/// A read-only file mapping, whose pages are read on first access; unmapped when the value is destroyed.
@safe public struct MappedFile: ~Copyable, @unchecked Sendable {  // read-only after init
    private let base: UnsafeRawPointer
    /// The size of the file in bytes.
    public let byteCount: Int
    /// The path that was opened.
    public let path: String

    /// Maps the regular file at `path`.
    ///
    /// Content that stands in the place of data, such as a web page, is refused unless `anyContent`.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is empty, not a regular file, or not data.
    public init(path: String, anyContent: Bool = false) throws(Fault) {
        let file = try OpenFile(reading: path)
        let count = try file.byteCount()
        guard count > 0 else { throw .emptyFile(path) }
        if !anyContent { try file.requireData() }
        unsafe base = try file.map(count)
        byteCount = count
        self.path = path
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }

    /// The bytes of the whole file; the span cannot outlive the mapping.
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Releases the pages of `range`, so that resident memory does not grow while a file is streamed.
    public borrowing func release(_ range: Range<Int>) {
        let page = 4096
        let first = (range.lowerBound + page - 1) / page * page
        let last = min(range.upperBound, byteCount) / page * page
        guard first < last else { return }
        unsafe madvise(UnsafeMutableRawPointer(mutating: base + first), last - first, MADV_DONTNEED)
    }
}
