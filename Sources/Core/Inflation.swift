internal import CZlib

/// The outcome of decompressing a stream.
package enum Inflation: Equatable, Sendable {
    /// The whole stream was decompressed, and its checksum is correct.
    case whole
    case damaged
    /// The consumer stopped before the end.
    case stopped
    /// Decompression could not start: too many bytes for zlib, or no memory.
    case impossible(String)

    /// The wrapper of a stream, by zlib's numeric code.
    package enum Format: Int32, Sendable {
        case zlib = 15
        case gzip = 31
    }

    /// Decompresses the stream `input` with zlib's `inflate`, and passes each piece to `take` until that returns false.
    package static func inflate(
        _ input: borrowing Span<UInt8>, _ format: Format, _ take: (ArraySlice<UInt8>) -> Bool
    ) -> Inflation {
        unsafe input.withUnsafeBufferPointer { buffer in
            guard let count = UInt32(exactly: buffer.count) else { return .impossible("\(buffer.count) bytes") }
            var stream = unsafe z_stream()
            unsafe stream.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
            unsafe stream.avail_in = count
            // In C a macro passes the version and the size that the caller was compiled with.
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
