internal import Core

/// A decoder of Windows bitmaps (BMP).
enum BMPDecoder {
    /// Returns all pixels of the bitmap in `bytes`, whose header gives `width` × `height`.
    static func decode(_ bytes: RawSpan, width: Int, height: Int, path: String) throws(Fault) -> ImagePixels {
        let header = HeaderBytes(bytes, path: path)
        let layout = try Layout(header, width)
        let bytes = Span<UInt8>(_bytes: bytes)
        guard layout.offset <= bytes.count, layout.stride * height <= bytes.count - layout.offset else {
            let needed = layout.offset + layout.stride * height
            throw header.damaged("\(bytes.count) bytes of a bitmap that needs \(needed)")
        }
        var values: [UInt8] = []
        values.reserveCapacity(3 * width * height)
        for row in 0 ..< height {
            let start = layout.offset + layout.stride * (layout.isTopFirst ? row : height - 1 - row)
            let line = bytes.extracting(start ..< start + layout.stride)
            switch layout.bits {
            case 1, 4, 8:
                for x in 0 ..< width {
                    let shift = 8 - layout.bits - x * layout.bits & 7
                    let index = Int(line[(x * layout.bits) >> 3]) >> shift & (1 << layout.bits - 1)
                    values += layout.palette[3 * index ..< 3 * index + 3]
                }
            case 16:
                for x in 0 ..< width {
                    let pixel = Int(line[2 * x]) | Int(line[2 * x + 1]) << 8
                    for channel in layout.channels {
                        let largest = 1 << channel.bits - 1
                        values.append(UInt8((pixel >> channel.shift & largest) * 255 / largest))
                    }
                }
            default:
                let step = layout.bits / 8
                for x in 0 ..< width {
                    for channel in layout.channels { values.append(line[step * x + channel.shift / 8]) }
                }
            }
        }
        return ImagePixels(width: width, height: height, values: values)
    }

    /// The bitmap's layout.
    private struct Layout {
        let bits: Int
        let isTopFirst: Bool
        /// The byte offset of the first row.
        let offset: Int
        /// The distance between rows in bytes.
        let stride: Int
        /// The color of each palette index; gray where the file defines none [256×3].
        let palette: [UInt8]
        /// The bit fields of red, green, and blue in a pixel of 16 bits or more.
        let channels: [(shift: Int, bits: Int)]

        init(_ header: borrowing HeaderBytes, _ width: Int) throws(Fault) {
            let size = try header.little(14, 4)
            let isOld = size == 12
            bits = try header.little(isOld ? 24 : 28, 2)
            isTopFirst = isOld ? false : try header.byte(25) == 0xFF
            let compression = isOld ? 0 : try header.little(30, 4)
            guard [1, 4, 8, 16, 24, 32].contains(bits), compression == 0 || (compression == 3 && bits >= 16) else {
                throw .unsupportedImage(
                    header.path, found: "a bitmap with \(bits) bits per pixel and compression \(compression)",
                    expected: "1 to 32 bits per pixel without compression")
            }
            stride = (width * bits + 31) >> 3 & ~3
            var masks: [Int] = []
            if compression == 3 {
                for channel in 0 ..< 3 { masks.append(try header.little(54 + 4 * channel, 4)) }
            }
            guard let channels = Self.channels(bits, masks) else {
                throw .unsupportedImage(
                    header.path, found: "a bitmap with the color masks \(masks)", expected: "5, 6, or 8 bits per color")
            }
            self.channels = channels
            let entry = isOld ? 3 : 4
            let stated = bits > 8 ? 0 : isOld ? 0 : try header.little(46, 4)
            let count = stated == 0 ? 1 << min(bits, 8) : stated
            var colors = ImagePixels.grays
            let start = 14 + size
            if bits <= 8 {
                for index in 0 ..< min(256, count) {
                    for channel in 0 ..< 3 {
                        colors[3 * index + channel] = UInt8(try header.byte(start + entry * index + 2 - channel))
                    }
                }
            }
            palette = colors
            // Some writers ignore the palette in the offset of the pixels.
            let stored = try header.little(10, 4)
            let ignoresPalette = bits <= 8 && (stored == start || stored == 0)
            offset = ignoresPalette ? start + entry * min(count, 1 << 16) : stored == 0 ? start : stored
        }

        /// Returns the bit fields of a pixel of `bits`, or `nil` if the `masks` are unsupported.
        private static func channels(_ bits: Int, _ masks: [Int]) -> [(shift: Int, bits: Int)]? {
            switch (bits, masks) {
            case (16, []), (16, [0x7C00, 0x3E0, 0x1F]): [(10, 5), (5, 5), (0, 5)]
            case (16, [0xF800, 0x7E0, 0x1F]): [(11, 5), (5, 6), (0, 5)]
            case (24, []), (32, []), (24, [0xFF0000, 0xFF00, 0xFF]), (32, [0xFF0000, 0xFF00, 0xFF]), (32, [0, 0, 0]):
                [(16, 8), (8, 8), (0, 8)]
            case (32, [0xFF00_0000, 0xFF0000, 0xFF00]): [(24, 8), (16, 8), (8, 8)]
            case (32, [0xFF00_0000, 0xFF00, 0xFF]): [(24, 8), (8, 8), (0, 8)]
            case (32, [0xFF, 0xFF00, 0xFF0000]): [(0, 8), (8, 8), (16, 8)]
            case (1, _), (4, _), (8, _): []
            default: nil
            }
        }
    }
}
