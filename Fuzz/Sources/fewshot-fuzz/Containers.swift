/// Containers with correct checksums, so that the parsers reach their content.

/// Text as a gzip file without compression.
func storedGzip(_ text: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + storedDeflate(text)
        + littleEndian([(UInt64(crc32(text)), 4), (UInt64(text.count), 4)])
}

/// Bytes as a zlib stream without compression.
func storedZlib(_ bytes: [UInt8]) -> [UInt8] {
    let sums = bytes.reduce(into: (a: UInt32(1), b: UInt32(0))) { sums, byte in
        sums.a = (sums.a + UInt32(byte)) % 65521
        sums.b = (sums.b + sums.a) % 65521
    }
    return [0x78, 0x01] + storedDeflate(bytes) + littleEndian([(UInt64(sums.b << 16 | sums.a), 4)]).reversed()
}

/// Bytes as blocks of a deflate stream without compression.
private func storedDeflate(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: max(1, bytes.count), by: 0xFFFF).flatMap { start -> [UInt8] in
        let block = bytes[start ..< min(bytes.count, start + 0xFFFF)]
        let length = UInt16(block.count)
        let isLast: UInt8 = start + 0xFFFF >= bytes.count ? 1 : 0
        return [isLast] + littleEndian([(UInt64(length), 2), (UInt64(~length), 2)]) + block
    }
}

/// A PNG file with correct chunk checksums, as far as the chunk lengths are valid.
func mendedPNG(_ file: [UInt8]) -> [UInt8] {
    var file = file
    var place = 8
    while place + 12 <= file.count {
        let length = (0 ..< 4).reduce(0) { $0 << 8 | Int(file[place + $1]) }
        let end = place + 8 + length
        guard end + 4 <= file.count else { break }
        let sum = crc32(file[place + 4 ..< end])
        for index in 0 ..< 4 { file[end + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * index)) }
        place = end + 4
    }
    return file
}

/// A tar archive with correct header checksums, as far as the sizes are valid.
func mendedTar(_ file: [UInt8]) -> [UInt8] {
    var file = file
    var place = 0
    while place + 512 <= file.count {
        let header = file[place ..< place + 512]
        guard header.contains(where: { $0 != 0 }) else { break }
        for index in 148 ..< 156 { file[place + index] = 32 }
        let sum = file[place ..< place + 512].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8).utf8
        let text = [UInt8](repeating: 48, count: max(0, 6 - digits.count)) + digits + [0, 32]
        for (index, byte) in text.prefix(8).enumerated() { file[place + 148 + index] = byte }
        let size = file[place + 124 ..< place + 135].reduce(0) {
            (48 ... 55).contains($1) ? $0 &* 8 &+ Int($1 - 48) : $0
        }
        place += 512
        if size > 0, size < file.count { place += (size + 511) / 512 * 512 }
    }
    return file
}
