/// A decoder of Parquet's hybrid of run-length encoding and bit packing.
enum RunLengths {
    /// Decodes the first `count` numbers of `width` bits; nil if there are fewer.
    static func numbers(_ bytes: ArraySlice<UInt8>, width: Int, count: Int) -> [UInt32]? {
        guard (0 ... 32).contains(width) else { return nil }
        // Numbers of zero bits take no bytes.
        guard width > 0 else { return [UInt32](repeating: 0, count: count) }
        var numbers: [UInt32] = []
        var offset = bytes.startIndex
        while numbers.count < count {
            guard let head = varint(bytes, &offset) else { return nil }
            let left = count - numbers.count
            if head & 1 == 1 {
                guard let groups = Int(exactly: head >> 1), groups > 0, groups <= (bytes.endIndex - offset) / width
                else { return nil }
                let packed = bytes[offset ..< offset + groups * width]
                unpack(packed, width: width, count: min(left, 8 * groups), into: &numbers)
                offset = packed.endIndex
            } else {
                let size = (width + 7) / 8
                guard head > 0, bytes.endIndex - offset >= size else { return nil }
                var number: UInt32 = 0
                for index in 0 ..< size { number |= UInt32(bytes[offset + index]) << UInt32(8 * index) }
                guard width == 32 || number < 1 << UInt32(width) else { return nil }
                offset += size
                numbers += repeatElement(number, count: Int(min(UInt64(left), head >> 1)))
            }
        }
        return numbers
    }

    private static func varint(_ bytes: ArraySlice<UInt8>, _ offset: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard offset < bytes.endIndex else { return nil }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// Decodes `count` packed numbers of `width` bits, lowest bits first.
    private static func unpack(
        _ bytes: ArraySlice<UInt8>, width: Int, count: Int, into numbers: inout [UInt32]
    ) {
        let mask: UInt64 = (1 << UInt64(width)) - 1
        var held: UInt64 = 0
        var bits = 0
        var offset = bytes.startIndex
        for _ in 0 ..< count {
            while bits < width {
                held |= UInt64(bytes[offset]) << UInt64(bits)
                offset += 1
                bits += 8
            }
            numbers.append(UInt32(held & mask))
            held >>= UInt64(width)
            bits -= width
        }
    }
}
