internal import CTIFF
internal import Core

/// A decoder of the first image of a TIFF file that wraps libtiff.
///
/// It supports bilevel images, gray and RGB values of eight bits, and gray values of 16 bits. Pillow and libtiff decode
/// other kinds differently.
@safe struct TIFFDecoder: ~Copyable {
    private let file: OpaquePointer
    private let path: String

    /// Returns all pixels of the TIFF image in `bytes`, whose header gives `width` × `height`.
    static func decode(_ bytes: RawSpan, width: Int, height: Int, path: String) throws(Fault) -> ImagePixels {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            var source = unsafe TIFFSource(bytes: buffer)
            // The source outlives the decoder.
            return unsafe try withUnsafeMutablePointer(to: &source) { source throws(Fault) in
                guard let decoder = unsafe TIFFDecoder(source, room: 4 * width * height + buffer.count, path) else {
                    throw damaged(path)
                }
                return try decoder.decode(width, height)
            }
        }
    }

    /// The corresponding C function is `TIFFClientOpenExt`, silenced and with at most `room` bytes per allocation.
    private init?(_ source: UnsafeMutablePointer<TIFFSource>, room: Int, _ path: String) {
        guard let options = unsafe TIFFOpenOptionsAlloc() else { return nil }
        defer { unsafe TIFFOpenOptionsFree(options) }
        unsafe TIFFOpenOptionsSetMaxSingleMemAlloc(options, tmsize_t(room + 1 << 20))
        unsafe TIFFOpenOptionsSetErrorHandlerExtR(options, { _, _, _, _, _ in 1 }, nil)
        unsafe TIFFOpenOptionsSetWarningHandlerExtR(options, { _, _, _, _, _ in 1 }, nil)
        let opened = unsafe TIFFClientOpenExt(
            path, "rm", source, { unsafe TIFFSource.read($0, $1, $2) }, { _, _, _ in -1 },
            { unsafe TIFFSource.seek($0, $1, $2) }, { _ in 0 }, { unsafe TIFFSource.size($0) }, { _, _, _ in 0 },
            { _, _, _ in }, options)
        guard let opened = unsafe opened else { return nil }
        unsafe file = opened
        self.path = path
    }

    deinit { unsafe TIFFClose(file) }

    /// The corresponding C function is `TIFFReadRGBAImageOriented`.
    private borrowing func decode(_ width: Int, _ height: Int) throws(Fault) -> ImagePixels {
        if try checkedDepth(width, height) == 16 { return try deepGray(width, height) }
        var isWhole = false
        let pixels = unsafe [UInt32](unsafeUninitializedCapacity: width * height) { pixels, used in
            guard let columns = UInt32(exactly: width), let rows = UInt32(exactly: height) else { return }
            isWhole =
                unsafe TIFFReadRGBAImageOriented(
                    file, columns, rows, pixels.baseAddress, Int32(ORIENTATION_TOPLEFT), 1) == 1
            used = isWhole ? width * height : 0
        }
        guard isWhole else { throw Self.damaged(path) }
        var values: [UInt8] = []
        values.reserveCapacity(3 * pixels.count)
        for pixel in pixels {
            values.append(UInt8(truncatingIfNeeded: pixel))
            values.append(UInt8(truncatingIfNeeded: pixel >> 8))
            values.append(UInt8(truncatingIfNeeded: pixel >> 16))
        }
        return ImagePixels(width: width, height: height, values: values)
    }

    /// Reads gray values of 16 bits, clipped to 255 as in Pillow.
    ///
    /// The corresponding C function is `TIFFReadScanline`.
    private borrowing func deepGray(_ width: Int, _ height: Int) throws(Fault) -> ImagePixels {
        guard unsafe TIFFScanlineSize(file) == 2 * width else { throw Self.damaged(path) }
        var row = [UInt16](repeating: 0, count: width)
        var values: [UInt8] = []
        values.reserveCapacity(3 * width * height)
        var clipped = 0
        for y in 0 ..< height {
            let isRead = unsafe row.withUnsafeMutableBytes {
                unsafe TIFFReadScanline(file, $0.baseAddress, UInt32(y), 0) == 1
            }
            guard isRead else { throw Self.damaged(path) }
            for value in row {
                if value > 255 { clipped += 1 }
                values += repeatElement(UInt8(clamping: value), count: 3)
            }
        }
        return ImagePixels(width: width, height: height, values: values, clippedCount: clipped)
    }

    /// Returns the number of bits per value; rejects kinds of images whose pixels would differ from Pillow's.
    private borrowing func checkedDepth(_ width: Int, _ height: Int) throws(Fault) -> Int32 {
        var columns = UInt32(0)
        var rows = UInt32(0)
        unsafe _ = ctiff_long(file, UInt32(TIFFTAG_IMAGEWIDTH), &columns)
        unsafe _ = ctiff_long(file, UInt32(TIFFTAG_IMAGELENGTH), &rows)
        guard Int(columns) == width, Int(rows) == height else { throw Self.damaged(path) }
        let bits = number(TIFFTAG_BITSPERSAMPLE)
        let samples = number(TIFFTAG_SAMPLESPERPIXEL)
        let colors = number(TIFFTAG_PHOTOMETRIC)
        let compression = number(TIFFTAG_COMPRESSION)
        let isGray = samples == 1 && (colors == PHOTOMETRIC_MINISBLACK || colors == PHOTOMETRIC_MINISWHITE)
        let isDeep = bits == 16 && samples == 1 && colors == PHOTOMETRIC_MINISBLACK
        let isKnown =
            isGray && (bits == 8 || bits == 1) || isDeep || samples == 3 && colors == PHOTOMETRIC_RGB && bits == 8
        let isTiled = unsafe TIFFIsTiled(file) != 0
        let isPlanar = number(TIFFTAG_PLANARCONFIG) != 1
        guard isKnown, !isTiled, !isPlanar, number(TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_UINT,
            number(TIFFTAG_ORIENTATION) == 1, number(TIFFTAG_FILLORDER) == 1,
            [COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE, COMPRESSION_PACKBITS]
                .contains(compression)
        else {
            throw .unsupportedImage(
                path,
                found: "a TIFF of \(samples) x \(bits) bits, photometric \(colors), compression \(compression)"
                    + (isTiled ? ", in tiles" : "") + (isPlanar ? ", in planes" : ""),
                expected: "8-bit gray or RGB in upright rows, uncompressed or with LZW, deflate, or PackBits")
        }
        return bits
    }

    private borrowing func number(_ tag: Int32) -> Int32 {
        var value = UInt16(0)
        unsafe _ = ctiff_short(file, UInt32(tag), &value)
        return Int32(value)
    }

    private static func damaged(_ path: String) -> Fault { .damagedImage(path, found: "a damaged TIFF") }
}

/// The state of a file in memory that libtiff reads through callbacks.
@safe private struct TIFFSource {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    private static func at(_ handle: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<TIFFSource>? {
        unsafe handle?.assumingMemoryBound(to: TIFFSource.self)
    }

    static func read(_ handle: UnsafeMutableRawPointer?, _ target: UnsafeMutableRawPointer?, _ count: tmsize_t)
        -> tmsize_t
    {
        guard let source = unsafe at(handle), let target = unsafe target else { return -1 }
        let length = unsafe max(0, min(Int(count), source.pointee.bytes.count - source.pointee.position))
        guard let base = unsafe source.pointee.bytes.baseAddress, length > 0 else { return 0 }
        unsafe target.copyMemory(from: base + source.pointee.position, byteCount: length)
        unsafe source.pointee.position += length
        return tmsize_t(length)
    }

    static func seek(_ handle: UnsafeMutableRawPointer?, _ offset: UInt64, _ whence: Int32) -> UInt64 {
        guard let source = unsafe at(handle) else { return .max }
        let start = unsafe whence == 0 ? 0 : whence == 1 ? source.pointee.position : source.pointee.bytes.count
        let (position, overflows) = start.addingReportingOverflow(Int(truncatingIfNeeded: offset))
        guard !overflows, position >= 0 else { return .max }
        unsafe source.pointee.position = position
        return UInt64(position)
    }

    static func size(_ handle: UnsafeMutableRawPointer?) -> UInt64 {
        unsafe at(handle).map { unsafe UInt64($0.pointee.bytes.count) } ?? 0
    }
}
