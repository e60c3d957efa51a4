internal import CTIFF
internal import Core

/// Decodes the first picture of a TIFF file through libtiff: the one door to it.
///
/// Gray and RGB of eight bits, and black and white of one: what else TIFF may hold, Pillow and libtiff make different pixels of.
@safe struct TIFFDecoder: ~Copyable {
    private let file: OpaquePointer
    private let path: String

    /// All pixels of the TIFF image in `bytes`, whose header says `width` x `height`.
    static func decode(_ bytes: RawSpan, width: Int, height: Int, path: String) throws(Fault) -> ImagePixels {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            var source = unsafe TIFFSource(bytes: buffer)
            // The source stays where it is while the decoder lives.
            return unsafe try withUnsafeMutablePointer(to: &source) { source throws(Fault) in
                guard let decoder = unsafe TIFFDecoder(source, room: 4 * width * height + buffer.count, path) else {
                    throw damaged(path)
                }
                return try decoder.decode(width, height)
            }
        }
    }

    /// The corresponding C function is `TIFFClientOpenExt`, with no word on stderr and no more memory than `room` at a time.
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
        try check(width, height)
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

    /// Refuses what would come out otherwise than from Pillow.
    private borrowing func check(_ width: Int, _ height: Int) throws(Fault) {
        var (columns, rows) = (UInt32(0), UInt32(0))
        unsafe _ = ctiff_long(file, UInt32(TIFFTAG_IMAGEWIDTH), &columns)
        unsafe _ = ctiff_long(file, UInt32(TIFFTAG_IMAGELENGTH), &rows)
        guard Int(columns) == width, Int(rows) == height else { throw Self.damaged(path) }
        let (bits, samples) = (number(TIFFTAG_BITSPERSAMPLE), number(TIFFTAG_SAMPLESPERPIXEL))
        let (colors, compression) = (number(TIFFTAG_PHOTOMETRIC), number(TIFFTAG_COMPRESSION))
        let isGray = samples == 1 && (colors == PHOTOMETRIC_MINISBLACK || colors == PHOTOMETRIC_MINISWHITE)
        let isKnown =
            isGray && (bits == 8 || bits == 1) || samples == 3 && colors == PHOTOMETRIC_RGB && bits == 8
        let (isTiled, isPlanar) = unsafe (TIFFIsTiled(file) != 0, number(TIFFTAG_PLANARCONFIG) != 1)
        guard isKnown, !isTiled, !isPlanar, number(TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_UINT,
            number(TIFFTAG_ORIENTATION) == 1, number(TIFFTAG_FILLORDER) == 1,
            [COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE, COMPRESSION_PACKBITS]
                .contains(compression)
        else {
            throw .unsupportedImage(
                path,
                found: "a TIFF of \(samples) x \(bits) bits, colours \(colors), compression \(compression)"
                    + (isTiled ? ", in tiles" : "") + (isPlanar ? ", in planes" : ""),
                expected: "rows of gray or RGB of eight bits, upright, plain or with LZW, deflate or PackBits")
        }
    }

    private borrowing func number(_ tag: Int32) -> Int32 {
        var value = UInt16(0)
        unsafe _ = ctiff_short(file, UInt32(tag), &value)
        return Int32(value)
    }

    private static func damaged(_ path: String) -> Fault {
        .badData(path, found: "a damaged TIFF", expected: "a whole image", remedy: "copy or download it again")
    }
}

/// A file in memory, as libtiff reads files.
@safe private struct TIFFSource {
    let bytes: UnsafeRawBufferPointer
    var place = 0

    init(bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    private static func at(_ handle: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<TIFFSource>? {
        unsafe handle?.assumingMemoryBound(to: TIFFSource.self)
    }

    static func read(_ handle: UnsafeMutableRawPointer?, _ target: UnsafeMutableRawPointer?, _ count: tmsize_t)
        -> tmsize_t
    {
        guard let source = unsafe at(handle), let target = unsafe target else { return -1 }
        let part = unsafe max(0, min(Int(count), source.pointee.bytes.count - source.pointee.place))
        guard let base = unsafe source.pointee.bytes.baseAddress, part > 0 else { return 0 }
        unsafe target.copyMemory(from: base + source.pointee.place, byteCount: part)
        unsafe source.pointee.place += part
        return tmsize_t(part)
    }

    static func seek(_ handle: UnsafeMutableRawPointer?, _ offset: UInt64, _ whence: Int32) -> UInt64 {
        guard let source = unsafe at(handle) else { return .max }
        let start = unsafe whence == 0 ? 0 : whence == 1 ? source.pointee.place : source.pointee.bytes.count
        let (place, overflows) = start.addingReportingOverflow(Int(truncatingIfNeeded: offset))
        guard !overflows, place >= 0 else { return .max }
        unsafe source.pointee.place = place
        return UInt64(place)
    }

    static func size(_ handle: UnsafeMutableRawPointer?) -> UInt64 {
        unsafe at(handle).map { unsafe UInt64($0.pointee.bytes.count) } ?? 0
    }
}
