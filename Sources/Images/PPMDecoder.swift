internal import Core

/// A decoder of PBM, PGM and PPM images.
enum PPMDecoder {
    /// Returns all pixels of the image in `bytes`.
    static func decode(_ file: RawSpan, path: String) throws(Fault) -> ImagePixels {
        let bytes = HeaderBytes(file, path: path)
        let header = try PPMHeader(bytes)
        let span = Span<UInt8>(_bytes: file)
        if header.kind == 4 { return try bits(span, header, bytes) }
        let count = header.channels * header.width * header.height
        var samples: [UInt16] = []
        if header.isText {
            samples = try TextSamples(header, path).read(span, count: count)
        } else {
            let width = header.maximum > 255 ? 2 : 1
            try require(header.start + width * count, bytes)
            samples.reserveCapacity(count)
            for offset in stride(from: header.start, to: header.start + width * count, by: width) {
                samples.append(width == 1 ? UInt16(span[offset]) : UInt16(span[offset]) << 8 | UInt16(span[offset + 1]))
            }
        }
        return pixels(samples, header)
    }

    private static func require(_ needed: Int, _ bytes: borrowing HeaderBytes) throws(Fault) {
        guard needed <= bytes.count else {
            throw bytes.damaged("\(bytes.count) bytes of a PPM that needs \(needed)")
        }
    }

    private static func bits(
        _ span: Span<UInt8>, _ header: PPMHeader, _ bytes: borrowing HeaderBytes
    ) throws(Fault) -> ImagePixels {
        let rowBytes = (header.width + 7) / 8
        try require(header.start + rowBytes * header.height, bytes)
        var values: [UInt8] = []
        values.reserveCapacity(3 * header.width * header.height)
        for y in 0 ..< header.height {
            for x in 0 ..< header.width {
                let isBlack = span[header.start + y * rowBytes + x / 8] >> (7 - x % 8) & 1 == 1
                values += repeatElement(isBlack ? 0 : 255, count: 3)
            }
        }
        return ImagePixels(width: header.width, height: header.height, values: values)
    }

    /// Scales the samples to eight bits as Pillow does.
    private static func pixels(_ samples: [UInt16], _ header: PPMHeader) -> ImagePixels {
        let white = header.isDeepGray ? 65535.0 : 255.0
        let levels = (0 ... header.maximum).map { value in
            Int((Double(value) / Double(header.maximum) * white).rounded(.toNearestOrEven))
        }
        var values: [UInt8] = []
        values.reserveCapacity(3 / header.channels * samples.count)
        var clipped = 0
        for sample in samples {
            var level = levels[min(Int(sample), header.maximum)]
            if header.isBitmap { level = 255 - level }
            if level > 255 { clipped += 1 }
            values += repeatElement(UInt8(clamping: level), count: 3 / header.channels)
        }
        return ImagePixels(width: header.width, height: header.height, values: values, clippedCount: clipped)
    }

    /// The values of an image that is written as text.
    private struct TextSamples {
        let header: PPMHeader
        let path: String
        private var samples: [UInt16] = []
        private var value = 0
        private var digits = 0

        init(_ header: PPMHeader, _ path: String) {
            self.header = header
            self.path = path
        }

        /// Reads `count` values; as in Pillow, a comment does not end a value.
        consuming func read(_ bytes: Span<UInt8>, count: Int) throws(Fault) -> [UInt16] {
            samples.reserveCapacity(min(count, bytes.count))
            var offset = header.start
            while samples.count < count, offset < bytes.count {
                let byte = bytes[offset]
                offset += 1
                if byte == UInt8(ascii: "#") {
                    while offset < bytes.count, bytes[offset] != 10, bytes[offset] != 13 { offset += 1 }
                    offset += 1
                } else if PPMHeader.isSpace(byte) {
                    try finish()
                } else {
                    try add(byte)
                }
            }
            if samples.count < count { try finish() }
            guard samples.count == count else {
                throw .damagedImage(path, found: "\(samples.count) of the \(count) values of a PPM")
            }
            return samples
        }

        private mutating func add(_ byte: UInt8) throws(Fault) {
            digits += 1
            value = 10 * value + Int(byte) - 0x30
            guard 0x30 ... 0x39 ~= byte, digits <= 10, value <= header.maximum else {
                throw .damagedImage(
                    path, found: "a PPM with an invalid value after \(samples.count) others",
                    expected: "numbers up to \(header.maximum)")
            }
            // The digits of a bitmap need no space between them.
            if header.isBitmap { try finish() }
        }

        private mutating func finish() throws(Fault) {
            guard digits > 0 else { return }
            samples.append(UInt16(value))
            value = 0
            digits = 0
        }
    }
}
