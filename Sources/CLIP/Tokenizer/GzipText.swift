internal import Artifacts
internal import CZlib

/// Text compressed by gzip.
enum GzipText {
    /// The first `lines` lines of the text in `input`, without the last one's end; all of it is decompressed, and its checksum compared.
    ///
    /// The corresponding C function is `inflate`.
    static func head(of input: borrowing Span<UInt8>, lines: Int, file: String) throws(Fault) -> [UInt8] {
        // A vocabulary shrinks to two fifths. What shrinks a hundredfold is something else.
        let limit = input.count * 32 + (1 << 16)
        var head: [UInt8] = []
        var lineEnds = 0
        let failure = unsafe input.withUnsafeBufferPointer { buffer in
            unsafe inflateAll(buffer) { piece in
                for byte in piece where lineEnds < lines {
                    if byte == 0x0A { lineEnds += 1 }
                    if lineEnds < lines { head.append(byte) }
                }
                return head.count <= limit
            }
        }
        if let failure {
            throw .badData(
                file, found: failure, expected: "merges compressed by gzip",
                remedy: "copy the file again from where the model comes from")
        }
        return head
    }

    /// Hands the text of `buffer` to `take`, piece by piece, until it returns false.
    ///
    /// - Returns: what is wrong; nil if nothing is.
    private static func inflateAll(_ buffer: UnsafeBufferPointer<UInt8>, _ take: (ArraySlice<UInt8>) -> Bool) -> String?
    {
        guard let count = UInt32(exactly: buffer.count) else { return "\(buffer.count) bytes" }
        var stream = unsafe z_stream()
        unsafe stream.next_in = UnsafeMutablePointer(mutating: buffer.baseAddress)
        unsafe stream.avail_in = count
        // A macro in C, as it passes the version and size that the caller was compiled with; 31 takes gzip's header and checksum.
        guard unsafe inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return "no memory for zlib"
        }
        defer { unsafe inflateEnd(&stream) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let (code, made) = unsafe chunk.withUnsafeMutableBufferPointer { room in
                unsafe stream.next_out = room.baseAddress
                unsafe stream.avail_out = UInt32(room.count)
                let code = unsafe inflate(&stream, Z_NO_FLUSH)
                return unsafe (code, room.count - Int(stream.avail_out))
            }
            guard code == Z_OK || code == Z_STREAM_END else { return "damaged or unfinished data" }
            guard take(chunk.prefix(made)) else { return "far more text than a file of this size holds" }
            if code == Z_STREAM_END { return nil }
        }
    }
}
