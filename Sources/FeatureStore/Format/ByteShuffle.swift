// HDF5's shuffle filter stores the first bytes of all elements, then their second bytes, and so on. The high bytes of
// features are similar and therefore compress well. The loops use one pointer per plane so that the compiler
// vectorizes them.

/// Splits elements of 2 or 4 bytes into byte planes.
func shuffle(_ source: UnsafeRawBufferPointer, elementWidth: Int, into target: UnsafeMutableRawBufferPointer) {
    let count = source.count / elementWidth
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    let first = unsafe target.assumingMemoryBound(to: UInt8.self)
    let second = unsafe first + count
    switch elementWidth {
    case 2:
        let values = unsafe source.assumingMemoryBound(to: UInt16.self)
        for index in 0 ..< count {
            let value = unsafe values[index]
            unsafe first[index] = UInt8(truncatingIfNeeded: value)
            unsafe second[index] = UInt8(truncatingIfNeeded: value >> 8)
        }
    case 4:
        let values = unsafe source.assumingMemoryBound(to: UInt32.self)
        let third = unsafe second + count
        let fourth = unsafe second + 2 * count
        for index in 0 ..< count {
            let value = unsafe values[index]
            unsafe first[index] = UInt8(truncatingIfNeeded: value)
            unsafe second[index] = UInt8(truncatingIfNeeded: value >> 8)
            unsafe third[index] = UInt8(truncatingIfNeeded: value >> 16)
            unsafe fourth[index] = UInt8(truncatingIfNeeded: value >> 24)
        }
    default: preconditionFailure("elements of \(elementWidth) bytes")
    }
}

/// Joins byte planes into elements.
func unshuffle(_ source: UnsafeRawBufferPointer, elementWidth: Int, into target: UnsafeMutableRawBufferPointer) {
    let count = source.count / elementWidth
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    let first = unsafe source.assumingMemoryBound(to: UInt8.self)
    let second = unsafe first + count
    switch elementWidth {
    case 2:
        let values = unsafe target.assumingMemoryBound(to: UInt16.self)
        for index in 0 ..< count { unsafe values[index] = UInt16(first[index]) | UInt16(second[index]) << 8 }
    case 4:
        let values = unsafe target.assumingMemoryBound(to: UInt32.self)
        let third = unsafe second + count
        let fourth = unsafe second + 2 * count
        for index in 0 ..< count {
            let low = unsafe UInt32(first[index]) | UInt32(second[index]) << 8
            let high = unsafe UInt32(third[index]) | UInt32(fourth[index]) << 8
            unsafe values[index] = low | high << 16
        }
    default: preconditionFailure("elements of \(elementWidth) bytes")
    }
}
