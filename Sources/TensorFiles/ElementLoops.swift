// The module's loops over raw bytes. They have no branches, so that the compiler vectorizes them; bounds are checked
// once before each loop.

/// Converts the elements of `bytes` into the first elements of `output`.
@inline(__always)
func widen<Source: BitwiseCopyable, Value>(
    _ bytes: RawSpan, as type: Source.Type, into output: inout MutableSpan<Value>, _ convert: (Source) -> Value
) {
    let width = MemoryLayout<Source>.size
    let count = bytes.byteCount / width
    precondition(count <= output.count, "\(count) elements for \(output.count)")
    unsafe bytes.withUnsafeBytes { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
            for index in 0 ..< count {
                unsafe target[index] = convert(source.loadUnaligned(fromByteOffset: index &* width, as: Source.self))
            }
        }
    }
}

func copied(_ bytes: RawSpan) -> [UInt8] { unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }

/// Returns the bytes of `values`; every supported machine is little-endian.
func littleEndianBytes<Value: BitwiseCopyable>(of values: [Value]) -> [UInt8] {
    unsafe values.withUnsafeBytes { unsafe [UInt8]($0) }
}

/// Returns the elements of a strided tensor in row-major order.
///
/// Strides and offset count elements of `width` bytes; the caller must check that every element is within `storage`.
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
                for column in 0 ..< inner {
                    let word = unsafe source.loadUnaligned(
                        fromByteOffset: (start &+ column &* step) &* width, as: Word.self)
                    unsafe UnsafeMutableRawBufferPointer(output).storeBytes(
                        of: word, toByteOffset: (written + column) * width, as: Word.self)
                }
                written += inner
                advance(&index, &start, shape: shape, strides: strides)
            }
            used = total * width
        }
    }
}

/// Advances the index to the next row; the arithmetic wraps because the stride of an axis of length 1 is arbitrary.
private func advance(_ index: inout [Int], _ start: inout Int, shape: [Int], strides: [Int]) {
    for axis in index.indices.reversed() {
        index[axis] += 1
        start &+= strides[axis]
        if index[axis] < shape[axis] { return }
        start &-= index[axis] &* strides[axis]
        index[axis] = 0
    }
}

/// Reverses the byte order of elements of `width` bytes.
func swapBytes(_ bytes: inout [UInt8], width: Int) {
    guard width > 1 else { return }
    var start = 0
    while start + width <= bytes.count {
        bytes[start ..< start + width].reverse()
        start += width
    }
}
