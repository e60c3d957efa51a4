internal import CZlib

/// Opens compressed elements of MATLAB files: their sizes are checked before libmatio sees them.
enum Inflate {
    /// The bytes that the zlib stream `input` holds; the output grows as it is made.
    ///
    /// The corresponding C function is `inflate`.
    ///
    /// - Returns: nil if the stream is damaged or holds more than `limit` bytes.
    static func bytes(of input: Span<UInt8>, limit: Int) -> [UInt8]? {
        unsafe input.withUnsafeBufferPointer { buffer in
            guard let count = UInt32(exactly: buffer.count) else { return nil }
            var stream = unsafe z_stream()
            unsafe stream.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
            unsafe stream.avail_in = count
            // A macro in C, as it passes the version and size that the caller was compiled with.
            guard unsafe inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                return nil
            }
            defer { unsafe inflateEnd(&stream) }
            var output: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let (code, made) = unsafe chunk.withUnsafeMutableBufferPointer { room in
                    unsafe stream.next_out = room.baseAddress
                    unsafe stream.avail_out = UInt32(room.count)
                    let code = unsafe inflate(&stream, Z_NO_FLUSH)
                    return unsafe (code, room.count - Int(stream.avail_out))
                }
                guard code == Z_OK || code == Z_STREAM_END, output.count + made <= limit else { return nil }
                output += chunk.prefix(made)
                if code == Z_STREAM_END { return output }
            }
        }
    }
}
