internal import Core

extension ImageHeader {
    /// Reads the header chunk of a PNG.
    static func png(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        guard try bytes.big(8, 4) == 13, try bytes.holds("IHDR", at: 12) else {
            throw bytes.damaged("a PNG that does not start with its header chunk")
        }
        let width = try bytes.big(16, 4)
        let height = try bytes.big(20, 4)
        let depth = try bytes.byte(24)
        let colors = try bytes.byte(25)
        guard width < 1 << 31, height < 1 << 31, [1, 2, 4, 8, 16].contains(depth),
            let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colors]
        else { throw bytes.damaged("a PNG with an invalid header") }
        return (width, height, channels, depth)
    }

    /// Reads the header of a Windows bitmap.
    static func bmp(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        let size = try bytes.little(14, 4)
        let isOld = size == 12
        // The two letters of the magic number also start ordinary text, so the header size has to match too.
        guard isOld || [16, 40, 52, 56, 64, 108, 124].contains(size) else {
            throw bytes.damaged(ForeignContent.name(of: bytes.prefix(512)), expected: "an image")
        }
        let bits = try bytes.little(isOld ? 24 : 28, 2)
        let channels = [1: 1, 4: 1, 8: 1, 24: 3, 32: 4][bits]
        let depth = channels.map { bits / $0 }
        if isOld { return try (bytes.little(18, 2), bytes.little(20, 2), channels, depth) }
        // A negative height means that the top row comes first.
        let height = try Int(Int32(truncatingIfNeeded: bytes.little(22, 4)))
        return try (Int(Int32(truncatingIfNeeded: bytes.little(18, 4))), abs(height), channels, depth)
    }

    /// Reads the first directory of a TIFF, which may be anywhere in the file.
    static func tiff(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        let isLittle = try bytes.byte(0) == UInt8(ascii: "I")
        func number(_ bytes: borrowing HeaderBytes, _ offset: Int, _ width: Int) throws(Fault) -> Int {
            isLittle ? try bytes.little(offset, width) : try bytes.big(offset, width)
        }
        let directory = try number(bytes, 4, 4)
        var found: [Int: Int] = [:]
        for entry in 0 ..< (try number(bytes, directory, 2)) {
            let offset = directory + 2 + 12 * entry
            let tag = try number(bytes, offset, 2)
            let type = try number(bytes, offset + 2, 2)
            guard [256, 257, 258, 277].contains(tag), type == 3 || type == 4 else { continue }
            let width = type == 3 ? 2 : 4
            // Values longer than four bytes, such as the bit depths of three channels, are stored elsewhere.
            let isInline = try number(bytes, offset + 4, 4) * width <= 4
            found[tag] = try number(bytes, isInline ? offset + 8 : number(bytes, offset + 8, 4), width)
        }
        guard let width = found[256], let height = found[257] else {
            throw bytes.damaged("a TIFF whose first directory has no image size")
        }
        return (width, height, found[277] ?? 1, found[258] ?? 1)
    }
}
