internal import CSnappy

/// Bytes that snappy has compressed in one piece; the only place that calls it.
enum SnappyBlock {
    /// Unpacks `bytes`; nil where they are damaged, or say that they are not `count` bytes then.
    ///
    /// The corresponding C functions are `snappy_uncompressed_length` and `snappy_uncompress`.
    static func unpack(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        // No element of three bytes or more makes more than 64.
        guard count >= 0, count <= 64 * bytes.count else { return nil }
        return unsafe bytes.withUnsafeBytes { packed in
            let source = unsafe packed.baseAddress?.assumingMemoryBound(to: CChar.self)
            var claimed = 0
            guard unsafe snappy_uncompressed_length(source, packed.count, &claimed) == SNAPPY_OK, claimed == count
            else {
                return nil
            }
            var isWhole = false
            let made = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, used in
                var length = count
                isWhole = unsafe UnsafeMutableRawBufferPointer(room).withMemoryRebound(to: CChar.self) { target in
                    unsafe snappy_uncompress(source, packed.count, target.baseAddress, &length) == SNAPPY_OK
                }
                isWhole = isWhole && length == count
                used = isWhole ? count : 0
            }
            return isWhole ? made : nil
        }
    }
}
