/// The CRC-32 of PNG, gzip and zip.
public func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
}

private let crcTable: [UInt32] = (0 ..< 256).map { byte in
    (0 ..< 8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
}

/// Numbers as little-endian bytes, each in its own width.
public func littleEndian(_ numbers: [(UInt64, Int)]) -> [UInt8] {
    numbers.flatMap { number, width in (0 ..< width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) } }
}

/// A zip archive of uncompressed entries with correct checksums.
public func storedZip(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in entries {
        let size = UInt64(bytes.count)
        // Version 2.0, no flags, stored, no time; checksum, both sizes, and the lengths of the name and of nothing
        // else.
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
