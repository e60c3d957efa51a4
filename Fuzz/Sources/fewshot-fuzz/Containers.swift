/// Containers with checksums, made or mended so that what is inside is reached whatever it is.

/// The checksum of PNG, gzip and zip.
func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
}

private let crcTable: [UInt32] = (0 ..< 256).map { byte in
    (0 ..< 8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
}

/// The low bytes of numbers, little-endian, each of so many bytes.
func littleEndian(_ numbers: [(UInt64, Int)]) -> [UInt8] {
    numbers.flatMap { number, width in (0 ..< width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) } }
}

/// A zip archive of entries that are not compressed.
func storedZip(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in entries {
        let size = UInt64(bytes.count)
        // Version 2.0, no flags, stored, no time; checksum, both sizes, and the lengths of the name and of nothing else.
        let common = littleEndian([
            (20, 2), (0, 2), (0, 2), (0, 2), (0x21, 2), (UInt64(crc32(bytes)), 4), (size, 4), (size, 4),
            (UInt64(name.utf8.count), 2), (0, 2),
        ])
        directory += [0x50, 0x4B, 1, 2, 20, 0] + common + littleEndian([(0, 2), (0, 2), (0, 2), (0, 4)])
        directory += littleEndian([(UInt64(file.count), 4)]) + name.utf8
        file += [0x50, 0x4B, 3, 4] + common + name.utf8 + bytes
    }
    let count = UInt64(entries.count)
    let end = littleEndian([
        (0, 2), (0, 2), (count, 2), (count, 2), (UInt64(directory.count), 4), (UInt64(file.count), 4), (0, 2),
    ])
    return file + directory + [0x50, 0x4B, 5, 6] + end
}

/// Text in gzip without compression.
func storedGzip(_ text: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    for start in stride(from: 0, to: max(1, text.count), by: 0xFFFF) {
        let block = text[start ..< min(text.count, start + 0xFFFF)]
        let length = UInt16(block.count)
        file.append(start + 0xFFFF >= text.count ? 1 : 0)
        file += littleEndian([(UInt64(length), 2), (UInt64(~length), 2)]) + block
    }
    return file + littleEndian([(UInt64(crc32(text)), 4), (UInt64(text.count), 4)])
}

/// A PNG file whose chunks have right checksums, as far as their lengths lead.
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

/// A tar archive whose headers have right checksums, as far as their sizes lead.
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
