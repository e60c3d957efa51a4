internal import Core

/// The orientation of a photo in EXIF data: the turn or mirroring that shows its stored pixels upright.
///
/// The raw values are those of EXIF's tag 274.
public enum ImageOrientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored, halfTurned, flipped, transposed, quarterTurned, transversed, threeQuarterTurned

    /// Whether rows become columns.
    var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

    /// Reads the orientation of a JPEG image; upright for another format, without EXIF data, or with invalid ones.
    public init(of bytes: RawSpan) {
        let header = HeaderBytes(bytes, path: "")
        self = (try? Self.jpeg(header)) ?? .upright
    }

    /// Searches the segments before the first scan for EXIF data.
    private static func jpeg(_ bytes: borrowing HeaderBytes) throws(Fault) -> ImageOrientation? {
        guard try bytes.big(0, 2) == 0xFFD8 else { return nil }
        var offset = 2
        while try bytes.byte(offset) == 0xFF {
            let marker = try bytes.byte(offset + 1)
            if marker == 0xFF {
                offset += 1
                continue
            }
            guard marker != 0xDA, marker != 0xD9 else { return nil }
            if marker == 0xE1, try bytes.holds("Exif", at: offset + 4) { return try exif(bytes, at: offset + 10) }
            offset += 2 + max(2, try bytes.big(offset + 2, 2))
        }
        return nil
    }

    /// Reads the orientation of a TIFF structure, whose offsets count from its start.
    private static func exif(_ bytes: borrowing HeaderBytes, at start: Int) throws(Fault) -> ImageOrientation? {
        let isLittle = try bytes.holds("II", at: start)
        let isBig = try bytes.holds("MM", at: start)
        func number(_ bytes: borrowing HeaderBytes, _ offset: Int, _ width: Int) throws(Fault) -> Int {
            isLittle ? try bytes.little(start + offset, width) : try bytes.big(start + offset, width)
        }
        guard isLittle || isBig, try number(bytes, 2, 2) == 42 else { return nil }
        let directory = try number(bytes, 4, 4)
        for entry in 0 ..< (try number(bytes, directory, 2)) {
            let offset = directory + 2 + 12 * entry
            guard try number(bytes, offset, 2) == 274 else { continue }
            return ImageOrientation(rawValue: try number(bytes, offset + 8, 2))
        }
        return nil
    }
}

extension ImagePixels {
    /// Returns the image as `orientation` shows it upright.
    package func turned(_ orientation: ImageOrientation) -> ImagePixels {
        guard orientation != .upright else { return self }
        let columns = orientation.swapsSides ? height : width
        let rows = orientation.swapsSides ? width : height
        var turned: [UInt8] = []
        turned.reserveCapacity(values.count)
        for y in 0 ..< rows {
            for x in 0 ..< columns {
                let (column, row) = source(of: (x, y), orientation)
                let start = 3 * (row * width + column)
                turned += values[start ..< start + 3]
            }
        }
        return ImagePixels(width: columns, height: rows, values: turned)
    }

    /// Returns the stored place of a pixel of the upright image.
    private func source(of place: (x: Int, y: Int), _ orientation: ImageOrientation) -> (column: Int, row: Int) {
        let (x, y) = place
        let lastColumn = width - 1
        let lastRow = height - 1
        return switch orientation {
        case .upright: (x, y)
        case .mirrored: (lastColumn - x, y)
        case .halfTurned: (lastColumn - x, lastRow - y)
        case .flipped: (x, lastRow - y)
        case .transposed: (y, x)
        case .quarterTurned: (y, lastRow - x)
        case .transversed: (lastColumn - y, lastRow - x)
        case .threeQuarterTurned: (lastColumn - y, x)
        }
    }
}
