/// Parquet's mixture of repeated and bit-packed numbers.
enum RunLengths {
    /// The first `count` numbers of `width` bits that `bytes` holds; nil where it holds fewer.
    static func numbers(_ bytes: ArraySlice<UInt8>, width: Int, count: Int) -> [UInt32]? {
        guard (0 ... 32).contains(width) else { return nil }
        // Of numbers without bits there are as many as are wanted.
        guard width > 0 else { return [UInt32](repeating: 0, count: count) }
        var numbers: [UInt32] = []
        var place = bytes.startIndex
        while numbers.count < count {
            guard let head = varint(bytes, &place) else { return nil }
            let left = count - numbers.count
            if head & 1 == 1 {
                guard let groups = Int(exactly: head >> 1), groups > 0, groups <= (bytes.endIndex - place) / width
                else { return nil }
                let packed = bytes[place ..< place + groups * width]
                unpack(packed, width: width, count: min(left, 8 * groups), into: &numbers)
                place = packed.endIndex
            } else {
                let size = (width + 7) / 8
                guard head > 0, bytes.endIndex - place >= size else { return nil }
                var number: UInt32 = 0
                for index in 0 ..< size { number |= UInt32(bytes[place + index]) << UInt32(8 * index) }
                guard width == 32 || number < 1 << UInt32(width) else { return nil }
                place += size
                numbers += repeatElement(number, count: Int(min(UInt64(left), head >> 1)))
            }
        }
        return numbers
    }

    private static func varint(_ bytes: ArraySlice<UInt8>, _ place: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard place < bytes.endIndex else { return nil }
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// Numbers of `width` bits, the lowest bits first.
    private static func unpack(
        _ bytes: ArraySlice<UInt8>, width: Int, count: Int, into numbers: inout [UInt32]
    ) {
        let mask: UInt64 = (1 << UInt64(width)) - 1
        var (held, bits, place): (UInt64, Int, Int) = (0, 0, bytes.startIndex)
        for _ in 0 ..< count {
            while bits < width {
                held |= UInt64(bytes[place]) << UInt64(bits)
                place += 1
                bits += 8
            }
            numbers.append(UInt32(held & mask))
            held >>= UInt64(width)
            bits -= width
        }
    }
}
