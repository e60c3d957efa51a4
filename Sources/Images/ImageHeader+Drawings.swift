internal import Core

extension ImageHeader {
    static func png(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        guard try bytes.big(8, 4) == 13, try bytes.holds("IHDR", at: 12) else {
            throw bytes.fault("a PNG that does not start with its header")
        }
        let (width, height) = (try bytes.big(16, 4), try bytes.big(20, 4))
        let (depth, colors) = (try bytes.byte(24), try bytes.byte(25))
        guard width < 1 << 31, height < 1 << 31, [1, 2, 4, 8, 16].contains(depth),
            let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colors]
        else { throw bytes.fault("a PNG with a header that cannot be") }
        return Shape(width, height, channels, depth)
    }

    static func bmp(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        let size = try bytes.little(14, 4)
        let isOld = size == 12
        // Two letters alone are a weak sign: the rest has to fit, too.
        guard isOld || [16, 40, 52, 56, 64, 108, 124].contains(size) else {
            throw bytes.fault(ForeignContent.name(of: bytes.prefix(512)), expected: "an image")
        }
        let bits = try bytes.little(isOld ? 24 : 28, 2)
        let channels = [1: 1, 4: 1, 8: 1, 24: 3, 32: 4][bits]
        let depth = channels.map { bits / $0 }
        if isOld { return try Shape(bytes.little(18, 2), bytes.little(20, 2), channels, depth) }
        // A negative height says that the top row comes first.
        let height = try Int(Int32(truncatingIfNeeded: bytes.little(22, 4)))
        return try Shape(Int(Int32(truncatingIfNeeded: bytes.little(18, 4))), abs(height), channels, depth)
    }

    /// The first directory of a TIFF, wherever in the file it lies.
    static func tiff(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        let isLittle = try bytes.byte(0) == UInt8(ascii: "I")
        func number(_ bytes: borrowing HeaderBytes, _ place: Int, _ width: Int) throws(Fault) -> Int {
            isLittle ? try bytes.little(place, width) : try bytes.big(place, width)
        }
        let directory = try number(bytes, 4, 4)
        var found: [Int: Int] = [:]
        for entry in 0 ..< (try number(bytes, directory, 2)) {
            let place = directory + 2 + 12 * entry
            let (tag, type) = (try number(bytes, place, 2), try number(bytes, place + 2, 2))
            guard [256, 257, 258, 277].contains(tag), type == 3 || type == 4 else { continue }
            let width = type == 3 ? 2 : 4
            // Values that do not fit into four bytes lie elsewhere: the bits of red, green and blue.
            let isInside = try number(bytes, place + 4, 4) * width <= 4
            found[tag] = try number(bytes, isInside ? place + 8 : number(bytes, place + 8, 4), width)
        }
        guard let width = found[256], let height = found[257] else {
            throw bytes.fault("a TIFF whose first directory names no size")
        }
        return Shape(width, height, found[277] ?? 1, found[258] ?? 1)
    }
}
