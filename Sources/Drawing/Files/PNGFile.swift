/// A PNG file of 8-bit RGB pixels, made without a compressor: filter 0, deflate's stored blocks.
///
/// What zlib makes of the same pixels depends on its version; these bytes depend on the pixels alone. A picture of 48
/// by 48 takes 7,028 bytes; being noisy, it would take 5,000 with zlib.
package enum PNGFile {
    /// The file's bytes.
    ///
    /// - Parameters:
    ///   - pixels: rows from the top, three bytes a pixel.
    ///   - width: how many pixels a row has.
    /// - Returns: signature, header, data and end.
    package static func encode(_ pixels: [UInt8], width: Int) -> [UInt8] {
        let height = pixels.count / (3 * width)
        precondition(pixels.count == height * width * 3, "\(pixels.count) bytes are no rows of \(width) pixels")
        var bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        bytes.reserveCapacity(pixels.count + height + 128)
        // 8 bits a channel, RGB, deflate, the usual filters, not interlaced.
        appendChunk("IHDR", bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0], to: &bytes)
        appendChunk("IDAT", stored(filtered(pixels, width: width)), to: &bytes)
        appendChunk("IEND", [], to: &bytes)
        return bytes
    }

    /// Each row after the number of its filter, which is none.
    private static func filtered(_ pixels: [UInt8], width: Int) -> [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity(pixels.count + pixels.count / (3 * width))
        for start in stride(from: 0, to: pixels.count, by: 3 * width) {
            rows.append(0)
            rows += pixels[start ..< start + 3 * width]
        }
        return rows
    }

    /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        let most = 0xffff
        var bytes: [UInt8] = [0x78, 0x01]
        bytes.reserveCapacity(data.count + data.count / most * 5 + 16)
        for start in stride(from: 0, to: data.count, by: most) {
            let end = min(start + most, data.count)
            let length = UInt16(end - start)
            bytes.append(end == data.count ? 1 : 0)
            for half in [length, ~length] { bytes += [UInt8(half & 0xff), UInt8(half >> 8)] }
            bytes += data[start ..< end]
        }
        return bytes + bigEndian(Int(adler32(data)))
    }

    private static func appendChunk(_ name: StaticString, _ content: [UInt8], to bytes: inout [UInt8]) {
        bytes += bigEndian(content.count)
        let start = bytes.count
        bytes += Array("\(name)".utf8)
        bytes += content
        bytes += bigEndian(Int(crc32(bytes[start...])))
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        // After so many bytes the sums still fit.
        for start in stride(from: 0, to: bytes.count, by: 5552) {
            for byte in bytes[start ..< min(start + 5552, bytes.count)] {
                a &+= UInt32(byte)
                b &+= a
            }
            (a, b) = (a % 65521, b % 65521)
        }
        return b << 16 | a
    }

    private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes { sum = remainders[Int((sum ^ UInt32(byte)) & 0xff)] ^ sum >> 8 }
        return ~sum
    }

    /// What each byte leaves when divided by CRC-32's polynomial.
    private static let remainders: [UInt32] = (0 ..< 256).map { (byte: UInt32) -> UInt32 in
        var rest = byte
        for _ in 0 ..< 8 { rest = rest & 1 == 0 ? rest >> 1 : (rest >> 1) ^ 0xedb8_8320 }
        return rest
    }
}

extension Picture {
    /// The picture as a PNG file: the same bytes everywhere.
    public var png: [UInt8] { PNGFile.encode(pixels, width: Self.side) }
}
