internal import CZlib

/// What came of decompressing a stream.
package enum Inflation: Equatable, Sendable {
    /// All of it was taken, and its checksum is right.
    case whole
    case damaged
    /// The taker had enough.
    case stopped
    /// It cannot be begun: more bytes than zlib counts, or no memory.
    case impossible(String)

    /// How a stream is wrapped, as zlib numbers it.
    package enum Format: Int32, Sendable {
        case zlib = 15
        case gzip = 31
    }

    /// Hands what the stream `input` holds to `take`, piece by piece as it is made, until that returns false.
    ///
    /// The corresponding C function is `inflate`.
    package static func inflate(
        _ input: borrowing Span<UInt8>, _ format: Format, _ take: (ArraySlice<UInt8>) -> Bool
    ) -> Inflation {
        unsafe input.withUnsafeBufferPointer { buffer in
            guard let count = UInt32(exactly: buffer.count) else { return .impossible("\(buffer.count) bytes") }
            var stream = unsafe z_stream()
            unsafe stream.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
            unsafe stream.avail_in = count
            // A macro in C, as it passes the version and size that the caller was compiled with.
            let size = unsafe Int32(MemoryLayout<z_stream>.size)
            guard unsafe inflateInit2_(&stream, format.rawValue, ZLIB_VERSION, size) == Z_OK else {
                return .impossible("no memory for zlib")
            }
            defer { unsafe inflateEnd(&stream) }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let (code, made) = unsafe chunk.withUnsafeMutableBufferPointer { room in
                    unsafe stream.next_out = room.baseAddress
                    unsafe stream.avail_out = UInt32(room.count)
                    let code = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
                    return unsafe (code, room.count - Int(stream.avail_out))
                }
                guard code == Z_OK || code == Z_STREAM_END else { return .damaged }
                guard take(chunk.prefix(made)) else { return .stopped }
                if code == Z_STREAM_END { return .whole }
            }
        }
    }
}
