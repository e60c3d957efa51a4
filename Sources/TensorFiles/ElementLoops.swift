// The only loops over raw bytes of the module: unaligned loads, one conversion, no branch, so that the compiler
// vectorises them. Bounds are checked once, before the loop.

/// Converts the elements of `bytes` into the first places of `output`.
@inline(__always)
func widen<Source: BitwiseCopyable, Value>(
    _ bytes: RawSpan, as type: Source.Type, into output: inout MutableSpan<Value>, _ convert: (Source) -> Value
) {
    let width = MemoryLayout<Source>.size
    let count = bytes.byteCount / width
    precondition(count <= output.count, "\(count) elements into \(output.count) places")
    unsafe bytes.withUnsafeBytes { source in
        unsafe output.withUnsafeMutableBufferPointer { places in
            for index in 0 ..< count {
                unsafe places[index] = convert(source.loadUnaligned(fromByteOffset: index &* width, as: Source.self))
            }
        }
    }
}

/// The bytes of `values` as they lie in memory; every supported machine is little-endian.
func littleEndianBytes<Value: BitwiseCopyable>(of values: [Value]) -> [UInt8] {
    unsafe values.withUnsafeBytes { unsafe [UInt8]($0) }
}

/// Gathers elements that lie `strides` apart, from `offset` on, into row-major order.
///
/// Strides and offset count elements of `width` bytes; the caller has checked that each element is within `storage`.
func gathered(_ storage: RawSpan, shape: [Int], strides: [Int], offset: Int, width: Int) -> [UInt8] {
    switch width {
    case 1: gather(storage, shape, strides, offset, as: UInt8.self)
    case 2: gather(storage, shape, strides, offset, as: UInt16.self)
    case 4: gather(storage, shape, strides, offset, as: UInt32.self)
    default: gather(storage, shape, strides, offset, as: UInt64.self)
    }
}

private func gather<Word: BitwiseCopyable>(
    _ storage: RawSpan, _ shape: [Int], _ strides: [Int], _ offset: Int, as type: Word.Type
) -> [UInt8] {
    let width = MemoryLayout<Word>.size
    let total = shape.reduce(1, *)
    guard total > 0 else { return [] }
    let inner = shape.last ?? 1
    let step = strides.last ?? 1
    var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
    var start = offset
    return unsafe storage.withUnsafeBytes { source in
        unsafe [UInt8](unsafeUninitializedCapacity: total * width) { output, used in
            var written = 0
            while written < total {
                for place in 0 ..< inner {
                    let word = unsafe source.loadUnaligned(
                        fromByteOffset: (start &+ place &* step) &* width, as: Word.self)
                    unsafe UnsafeMutableRawBufferPointer(output).storeBytes(
                        of: word, toByteOffset: (written + place) * width, as: Word.self)
                }
                written += inner
                advance(&index, &start, shape: shape, strides: strides)
            }
            used = total * width
        }
    }
}

/// Moves to the next row, as an odometer does; wraps, because the stride of an axis of one element may be anything.
private func advance(_ index: inout [Int], _ start: inout Int, shape: [Int], strides: [Int]) {
    for axis in index.indices.reversed() {
        index[axis] += 1
        start &+= strides[axis]
        if index[axis] < shape[axis] { return }
        start &-= index[axis] &* strides[axis]
        index[axis] = 0
    }
}

/// Turns each element of `width` bytes around: big-endian bytes become little-endian ones and back.
func swapBytes(_ bytes: inout [UInt8], width: Int) {
    guard width > 1 else { return }
    var start = 0
    while start + width <= bytes.count {
        bytes[start ..< start + width].reverse()
        start += width
    }
}
