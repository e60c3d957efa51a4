internal import CSnappy

/// Decompression of raw Snappy blocks.
enum SnappyBlock {
    /// Decompresses `bytes`; nil if they are damaged or do not have `count` bytes afterwards.
    ///
    /// The corresponding C functions are `snappy_uncompressed_length` and `snappy_uncompress`.
    static func decompress(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        // An element takes at least three bytes per 64 bytes of output, so a larger count is damage.
        guard count >= 0, count <= 64 * bytes.count else { return nil }
        return unsafe bytes.withUnsafeBytes { compressed in
            let source = unsafe compressed.baseAddress?.assumingMemoryBound(to: CChar.self)
            var claimed = 0
            guard unsafe snappy_uncompressed_length(source, compressed.count, &claimed) == SNAPPY_OK, claimed == count
            else {
                return nil
            }
            var isComplete = false
            let result = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
                var length = count
                isComplete = unsafe UnsafeMutableRawBufferPointer(buffer).withMemoryRebound(to: CChar.self) { target in
                    unsafe snappy_uncompress(source, compressed.count, target.baseAddress, &length) == SNAPPY_OK
                }
                isComplete = isComplete && length == count
                used = isComplete ? count : 0
            }
            return isComplete ? result : nil
        }
    }
}
