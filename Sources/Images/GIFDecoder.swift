internal import Core

/// A decoder of the first frame of a GIF file.
enum GIFDecoder {
    /// Returns all pixels of the first frame of the GIF image in `bytes`.
    ///
    /// Pixels outside of the frame get the transparent color or, without one, the first color of the palette.
    static func decode(_ file: RawSpan, path: String) throws(Fault) -> ImagePixels {
        let bytes = HeaderBytes(file, path: path)
        let frame = try Frame(bytes)
        // As in Pillow, a frame that extends beyond the screen enlarges it.
        let width = max(try bytes.little(6, 2), frame.left + frame.width)
        let height = max(try bytes.little(8, 2), frame.top + frame.height)
        try ImagePixels.checkSize(width, height, in: bytes.count, path: path)
        var codes = CodeReader(offset: frame.start)
        let indices = try codes.indices(frame.width * frame.height, minimumBits: frame.bits, bytes)
        var screen = [UInt8](repeating: UInt8(frame.transparent ?? 0), count: width * height)
        for (row, y) in frame.rows.enumerated() {
            let start = (frame.top + y) * width + frame.left
            screen.replaceSubrange(
                start ..< start + frame.width, with: indices[row * frame.width ..< (row + 1) * frame.width])
        }
        var values: [UInt8] = []
        values.reserveCapacity(3 * screen.count)
        for index in screen { values += frame.palette[3 * Int(index) ..< 3 * Int(index) + 3] }
        return ImagePixels(width: width, height: height, values: values)
    }

    /// The header of the first frame.
    private struct Frame {
        var left = 0, top = 0, width = 0, height = 0, bits = 0
        var transparent: Int?
        var isInterlaced = false
        /// The color of each palette index; gray where the file defines none [256×3].
        var palette = ImagePixels.grays
        /// The byte offset of the first block of codes.
        var start = 0

        init(_ bytes: borrowing HeaderBytes) throws(Fault) {
            var offset = 13
            try readPalette(bytes, flags: bytes.byte(10), &offset)
            while true {
                let kind = try bytes.byte(offset)
                if kind == UInt8(ascii: ",") { break }
                guard kind != UInt8(ascii: ";") else { throw bytes.damaged("a GIF without a frame") }
                offset += 1
                guard kind == UInt8(ascii: "!") else { continue }
                if try bytes.byte(offset) == 0xF9, try bytes.byte(offset + 1) >= 4, try bytes.byte(offset + 2) & 1 == 1
                {
                    transparent = try bytes.byte(offset + 5)
                }
                offset += 1
                while try bytes.byte(offset) > 0 { offset += 1 + (try bytes.byte(offset)) }
                offset += 1
            }
            left = try bytes.little(offset + 1, 2)
            top = try bytes.little(offset + 3, 2)
            width = try bytes.little(offset + 5, 2)
            height = try bytes.little(offset + 7, 2)
            let flags = try bytes.byte(offset + 9)
            isInterlaced = flags & 64 != 0
            offset += 10
            if flags & 128 != 0 { palette = ImagePixels.grays }
            try readPalette(bytes, flags: flags, &offset)
            bits = try bytes.byte(offset)
            start = offset + 1
            guard width > 0, height > 0, (0 ... 8).contains(bits) else {
                throw bytes.damaged("a GIF whose first frame has \(width) x \(height) pixels of \(bits) bits")
            }
        }

        private mutating func readPalette(
            _ bytes: borrowing HeaderBytes, flags: Int, _ offset: inout Int
        ) throws(Fault) {
            guard flags & 128 != 0 else { return }
            for value in 0 ..< 3 << (flags & 7 + 1) { palette[value] = UInt8(try bytes.byte(offset + value)) }
            offset += 3 << (flags & 7 + 1)
        }

        /// The indices of the rows in their stored order.
        var rows: [Int] {
            guard isInterlaced else { return Array(0 ..< height) }
            return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: height, by: $0.1)) }
        }
    }

    /// A decoder of the LZW compression (Welch, 1984) of GIF, whose codes are stored in blocks of bytes.
    private struct CodeReader {
        /// The offset of the next byte.
        private var offset: Int
        /// The number of bytes left in the current block.
        private var left = 0
        private var bits = 0
        private var count = 0

        init(offset: Int) { self.offset = offset }

        private mutating func next(_ length: Int, _ bytes: borrowing HeaderBytes) throws(Fault) -> Int {
            while count < length {
                if left == 0 {
                    left = try bytes.byte(offset)
                    offset += 1
                    guard left > 0 else { throw bytes.damaged("a GIF whose first frame ends too early") }
                }
                bits |= (try bytes.byte(offset)) << count
                offset += 1
                left -= 1
                count += 8
            }
            let code = bits & (1 << length - 1)
            bits >>= length
            count -= length
            return code
        }

        /// Returns the first `wanted` palette indices.
        mutating func indices(_ wanted: Int, minimumBits: Int, _ bytes: borrowing HeaderBytes) throws(Fault) -> [UInt8]
        {
            var table = CodeTable(minimumBits: minimumBits)
            var indices: [UInt8] = []
            indices.reserveCapacity(wanted)
            while indices.count < wanted {
                let code = try next(table.length, bytes)
                if code == table.clear {
                    table.removeAll()
                } else if !table.append(code, to: &indices) {
                    throw bytes.damaged("a GIF with the code \(code) after \(indices.count) of \(wanted) pixels")
                }
            }
            return Array(indices.prefix(wanted))
        }
    }

    /// The codes of the LZW compression; the run of a code is its parent's run followed by one value.
    private struct CodeTable {
        /// The code that empties the table; the next one ends the image.
        let clear: Int
        /// The number of bits of the next code.
        private(set) var length: Int
        private var parents = [Int](repeating: 0, count: 4096)
        private var values = [UInt8](repeating: 0, count: 4096)
        private var free: Int
        private var last: Int?
        /// The first value of the last code's run.
        private var first = UInt8(0)

        init(minimumBits: Int) {
            clear = 1 << minimumBits
            free = clear + 2
            length = minimumBits + 1
        }

        mutating func removeAll() {
            free = clear + 2
            length = clear.trailingZeroBitCount + 1
            last = nil
        }

        /// Appends the run of `code` and adds the next code, or returns `false` if the table lacks `code`.
        mutating func append(_ code: Int, to indices: inout [UInt8]) -> Bool {
            let limit = last == nil ? clear - 1 : free
            guard code != clear + 1, code <= limit, code < 4096 || code == free else { return false }
            let start = indices.count
            var step = code
            if let last, code == free {
                indices.append(first)
                step = last
            }
            while step >= clear {
                indices.append(values[step])
                step = parents[step]
            }
            first = UInt8(step)
            indices.append(first)
            indices[start...].reverse()
            if let last, free < 4096 {
                parents[free] = last
                values[free] = first
                free += 1
                if free == 1 << length, length < 12 { length += 1 }
            }
            last = code
            return true
        }
    }
}
