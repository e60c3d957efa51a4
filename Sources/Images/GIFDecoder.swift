internal import Core

/// Decodes the first picture of a GIF file.
enum GIFDecoder {
    /// All pixels of the GIF image in `bytes`: what the first picture leaves free has the transparent colour, or the first.
    static func decode(_ file: RawSpan, path: String) throws(Fault) -> ImagePixels {
        let bytes = HeaderBytes(file, path: path)
        let frame = try Frame(bytes)
        // A picture that reaches beyond the screen widens it, as for Pillow.
        let width = max(try bytes.little(6, 2), frame.left + frame.width)
        let height = max(try bytes.little(8, 2), frame.top + frame.height)
        try ImagePixels.checkSize(width, height, in: bytes.count, path: path)
        var codes = CodeReader(place: frame.start)
        let places = try codes.places(frame.width * frame.height, minimumBits: frame.bits, bytes)
        var screen = [UInt8](repeating: UInt8(frame.transparent ?? 0), count: width * height)
        for (row, y) in frame.rows.enumerated() {
            let start = (frame.top + y) * width + frame.left
            screen.replaceSubrange(
                start ..< start + frame.width, with: places[row * frame.width ..< (row + 1) * frame.width])
        }
        var values: [UInt8] = []
        values.reserveCapacity(3 * screen.count)
        for place in screen { values += frame.palette[3 * Int(place) ..< 3 * Int(place) + 3] }
        return ImagePixels(width: width, height: height, values: values)
    }

    /// The first picture's head.
    private struct Frame {
        var left = 0, top = 0, width = 0, height = 0, bits = 0
        var transparent: Int?
        var isInterlaced = false
        /// Red, green and blue of each place, gray where the file has none [256, 3].
        var palette = (0 ..< 256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
        /// Where its codes start.
        var start = 0

        init(_ bytes: borrowing HeaderBytes) throws(Fault) {
            var place = 13
            try readPalette(bytes, flags: bytes.byte(10), &place)
            while true {
                let kind = try bytes.byte(place)
                if kind == UInt8(ascii: ",") { break }
                guard kind != UInt8(ascii: ";") else { throw bytes.fault("a GIF without a picture") }
                place += 1
                guard kind == UInt8(ascii: "!") else { continue }
                if try bytes.byte(place) == 0xF9, try bytes.byte(place + 1) >= 4, try bytes.byte(place + 2) & 1 == 1 {
                    transparent = try bytes.byte(place + 5)
                }
                place += 1
                while try bytes.byte(place) > 0 { place += 1 + (try bytes.byte(place)) }
                place += 1
            }
            (left, top) = (try bytes.little(place + 1, 2), try bytes.little(place + 3, 2))
            (width, height) = (try bytes.little(place + 5, 2), try bytes.little(place + 7, 2))
            let flags = try bytes.byte(place + 9)
            isInterlaced = flags & 64 != 0
            place += 10
            if flags & 128 != 0 { palette = (0 ..< 256).flatMap { [UInt8($0), UInt8($0), UInt8($0)] } }
            try readPalette(bytes, flags: flags, &place)
            bits = try bytes.byte(place)
            start = place + 1
            guard width > 0, height > 0, (0 ... 8).contains(bits) else {
                throw bytes.fault("a GIF whose first picture has \(width) x \(height) pixels of \(bits) bits")
            }
        }

        private mutating func readPalette(
            _ bytes: borrowing HeaderBytes, flags: Int, _ place: inout Int
        ) throws(Fault) {
            guard flags & 128 != 0 else { return }
            for value in 0 ..< 3 << (flags & 7 + 1) { palette[value] = UInt8(try bytes.byte(place + value)) }
            place += 3 << (flags & 7 + 1)
        }

        /// The rows in the order in which they are stored.
        var rows: [Int] {
            guard isInterlaced else { return Array(0 ..< height) }
            return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: height, by: $0.1)) }
        }
    }

    /// Codes of growing length out of blocks of bytes, each of which stands for a run of values: Welch's, of 1984.
    private struct CodeReader {
        /// Where the next block, or byte of one, starts.
        var place: Int
        private var left = 0
        private var bits = 0
        private var count = 0

        init(place: Int) { self.place = place }

        private mutating func next(_ length: Int, _ bytes: borrowing HeaderBytes) throws(Fault) -> Int {
            while count < length {
                if left == 0 {
                    left = try bytes.byte(place)
                    place += 1
                    guard left > 0 else { throw bytes.fault("a GIF whose picture ends too early") }
                }
                bits |= (try bytes.byte(place)) << count
                (place, left, count) = (place + 1, left - 1, count + 8)
            }
            let code = bits & (1 << length - 1)
            (bits, count) = (bits >> length, count - length)
            return code
        }

        /// The first `wanted` values.
        mutating func places(_ wanted: Int, minimumBits: Int, _ bytes: borrowing HeaderBytes) throws(Fault) -> [UInt8] {
            let clear = 1 << minimumBits
            // A run is another run and one more value.
            var parents = [Int](repeating: 0, count: 4096)
            var values = [UInt8](repeating: 0, count: 4096)
            var (free, length, last, first) = (clear + 2, minimumBits + 1, -1, UInt8(0))
            var places: [UInt8] = []
            places.reserveCapacity(wanted)
            while places.count < wanted {
                let code = try next(length, bytes)
                if code == clear {
                    (free, length, last) = (clear + 2, minimumBits + 1, -1)
                    continue
                }
                let limit = last < 0 ? clear - 1 : free
                guard code != clear + 1, code <= limit, code < 4096 || code == free else {
                    throw bytes.fault("a GIF with the code \(code) after \(places.count) of \(wanted) pixels")
                }
                let start = places.count
                var step = code
                if code == free, last >= 0 {
                    places.append(first)
                    step = last
                }
                while step >= clear {
                    places.append(values[step])
                    step = parents[step]
                }
                first = UInt8(step)
                places.append(first)
                places[start...].reverse()
                if last >= 0, free < 4096 {
                    (parents[free], values[free]) = (last, first)
                    free += 1
                    if free == 1 << length, length < 12 { length += 1 }
                }
                last = code
            }
            return Array(places.prefix(wanted))
        }
    }
}
