// Loops over raw feature values that the compiler vectorizes. They detect values that are not finite: the exponent bits
// of infinity and NaN are all ones, so that adding one to the exponent carries into the sign bit.

/// Converts `count` values of `source` to float32 in `target` and returns whether all are finite.
@inline(__always)
func widen(_ source: UnsafeRawPointer, _ type: FeatureType, count: Int, into target: UnsafeMutablePointer<Float>)
    -> Bool
{
    switch type {
    case .float16:
        let values = unsafe source.assumingMemoryBound(to: Float16.self)
        var carry: UInt16 = 0
        for index in 0 ..< count {
            let value = unsafe values[index]
            unsafe target[index] = Float(value)
            carry |= (value.bitPattern & 0x7c00) &+ 0x0400
        }
        return carry & 0x8000 == 0
    case .float32:
        let values = unsafe source.assumingMemoryBound(to: Float.self)
        var carry: UInt32 = 0
        for index in 0 ..< count {
            let value = unsafe values[index]
            unsafe target[index] = value
            carry |= (value.bitPattern & 0x7f80_0000) &+ 0x0080_0000
        }
        return carry & 0x8000_0000 == 0
    }
}

/// Returns the first `count` values of `bytes` as float32.
package func widened(_ bytes: RawSpan, _ type: FeatureType, count: Int) -> [Float] {
    precondition(count * type.width <= bytes.byteCount, "\(count) values in \(bytes.byteCount) bytes")
    return unsafe [Float](unsafeUninitializedCapacity: count) { target, used in
        used = count
        guard let target = target.baseAddress else { return }
        _ = unsafe bytes.withUnsafeBytes { source in
            unsafe source.baseAddress.map { unsafe widen($0, type, count: count, into: target) }
        }
    }
}

/// Rounds `source` to the nearest values of `type`, ties to even.
package func narrow(_ source: Span<Float>, to type: FeatureType) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: source.count * type.width) { buffer, count in
        count = source.count * type.width
        unsafe source.withUnsafeBufferPointer { source in
            switch type {
            case .float16:
                unsafe buffer.withMemoryRebound(to: Float16.self) { target in
                    for index in 0 ..< source.count { unsafe target[index] = Float16(source[index]) }
                }
            case .float32:
                _ = unsafe UnsafeMutableRawBufferPointer(buffer).copyBytes(from: UnsafeRawBufferPointer(source))
            }
        }
    }
}

/// Returns the index of the first value of `bytes` that is not finite; nil if all are.
func firstNonFinite(_ bytes: RawSpan, _ type: FeatureType) -> Int? {
    unsafe bytes.withUnsafeBytes { buffer in
        let count = buffer.count / type.width
        switch type {
        case .float16:
            let values = unsafe buffer.bindMemory(to: UInt16.self)
            var carry: UInt16 = 0
            for index in 0 ..< count { unsafe carry |= (values[index] & 0x7c00) &+ 0x0400 }
            guard carry & 0x8000 != 0 else { return nil }
            return unsafe values.firstIndex { $0 & 0x7c00 == 0x7c00 }
        case .float32:
            let values = unsafe buffer.bindMemory(to: UInt32.self)
            var carry: UInt32 = 0
            for index in 0 ..< count { unsafe carry |= (values[index] & 0x7f80_0000) &+ 0x0080_0000 }
            guard carry & 0x8000_0000 != 0 else { return nil }
            return unsafe values.firstIndex { $0 & 0x7f80_0000 == 0x7f80_0000 }
        }
    }
}
