/// HDF5's shuffle filter: the first bytes of all elements, then their second bytes, and so on.
///
/// High bytes of features resemble each other, so that they compress; written for 2 and 4 bytes as loops that the
/// compiler turns into vector instructions.

/// Splits elements into byte planes.
func shuffle(_ source: UnsafeRawBufferPointer, elementWidth: Int, into target: UnsafeMutableRawBufferPointer) {
    let count = source.count / elementWidth
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    let planes = unsafe target.assumingMemoryBound(to: UInt8.self)
    switch elementWidth {
    case 2:
        let values = unsafe source.assumingMemoryBound(to: UInt16.self)
        for index in 0 ..< count {
            let value = unsafe values[index]
            unsafe planes[index] = UInt8(truncatingIfNeeded: value)
            unsafe planes[count + index] = UInt8(truncatingIfNeeded: value >> 8)
        }
    case 4:
        let values = unsafe source.assumingMemoryBound(to: UInt32.self)
        for index in 0 ..< count {
            let value = unsafe values[index]
            unsafe planes[index] = UInt8(truncatingIfNeeded: value)
            unsafe planes[count + index] = UInt8(truncatingIfNeeded: value >> 8)
            unsafe planes[2 * count + index] = UInt8(truncatingIfNeeded: value >> 16)
            unsafe planes[3 * count + index] = UInt8(truncatingIfNeeded: value >> 24)
        }
    default: preconditionFailure("elements of \(elementWidth) bytes")
    }
}

/// Joins byte planes to elements again.
func unshuffle(_ source: UnsafeRawBufferPointer, elementWidth: Int, into target: UnsafeMutableRawBufferPointer) {
    let count = source.count / elementWidth
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    let planes = unsafe source.assumingMemoryBound(to: UInt8.self)
    switch elementWidth {
    case 2:
        let values = unsafe target.assumingMemoryBound(to: UInt16.self)
        for index in 0 ..< count {
            unsafe values[index] = UInt16(planes[index]) | UInt16(planes[count + index]) << 8
        }
    case 4:
        let values = unsafe target.assumingMemoryBound(to: UInt32.self)
        for index in 0 ..< count {
            let low = unsafe UInt32(planes[index]) | UInt32(planes[count + index]) << 8
            let high = unsafe UInt32(planes[2 * count + index]) | UInt32(planes[3 * count + index]) << 8
            unsafe values[index] = low | high << 16
        }
    default: preconditionFailure("elements of \(elementWidth) bytes")
    }
}
