internal import CTurboJPEG
internal import Core

/// Decodes JPEG images through TurboJPEG: the one door to it.
@safe struct JPEGDecoder: ~Copyable {
    private let handle: tjhandle

    init() throws(Fault) {
        guard let made = unsafe tjInitDecompress() else {
            throw Fault(.unavailable, "TurboJPEG", found: "no decoder", remedy: "free some memory")
        }
        unsafe handle = made
    }

    deinit { unsafe tjDestroy(handle) }

    /// All pixels of the JPEG image in `bytes`.
    ///
    /// The corresponding C functions are `tjDecompressHeader3` and `tjDecompress2`. Of what they warn of, only an early end is
    /// a fault, as to Pillow: the image comes out gray below it. The rest, as bytes between segments, becomes the complaint.
    borrowing func decode(_ bytes: RawSpan, path: String) throws(Fault) -> ImagePixels {
        var (width, height, subsampling, colors) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe tjDecompressHeader3(
                handle, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(buffer.count), &width, &height,
                &subsampling, &colors)
        }
        guard unsafe code == 0 || (tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) && width > 0) else {
            throw damaged(path)
        }
        try ImagePixels.checkSize(Int(width), Int(height), in: bytes.byteCount, path: path)
        let isPrint = colors == Int32(TJCS_CMYK.rawValue) || colors == Int32(TJCS_YCCK.rawValue)
        let format = isPrint ? TJPF_CMYK : TJPF_RGB
        let channels = isPrint ? 4 : 3
        let count = Int(width) * Int(height) * channels
        var isWhole = false
        var values = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, used in
            isWhole = unsafe draw(bytes, width, height, format, pixels) == 0
            used = isWhole ? count : 0
        }
        var complaint: String?
        if !isWhole {
            guard unsafe tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue), Self.hasEnd(bytes),
                let whole = wholePixels(bytes, width, height, format, count: count)
            else { throw damaged(path) }
            (values, complaint) = (whole, reason)
        }
        return ImagePixels(
            width: Int(width), height: Int(height), values: isPrint ? PrintColors.toRGB(values) : values,
            complaint: complaint)
    }

    /// The corresponding C function is `tjDecompress2`; 0 is success without any warning.
    private borrowing func draw(
        _ bytes: RawSpan, _ width: Int32, _ height: Int32, _ format: TJPF, _ pixels: UnsafeMutableBufferPointer<UInt8>
    ) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe tjDecompress2(
                handle, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(buffer.count),
                pixels.baseAddress, width, 0, height, Int32(format.rawValue), TJFLAG_LIMITSCANS)
        }
    }

    /// The pixels of an image that was warned of, if all are there.
    ///
    /// After a warning TurboJPEG tells no fatal error from it, and leaves memory as it was from the error on. So what comes
    /// out must be the same whatever was there before.
    private borrowing func wholePixels(
        _ bytes: RawSpan, _ width: Int32, _ height: Int32, _ format: TJPF, count: Int
    ) -> [UInt8]? {
        var drawn: [[UInt8]] = []
        for fill in [0, 255] as [UInt8] {
            var values = [UInt8](repeating: fill, count: count)
            unsafe values.withUnsafeMutableBufferPointer { unsafe _ = draw(bytes, width, height, format, $0) }
            drawn.append(values)
        }
        return drawn[0] == drawn[1] ? drawn[0] : nil
    }

    /// Whether an end marker follows the first scan; scans themselves cannot hold one.
    private static func hasEnd(_ bytes: RawSpan) -> Bool {
        let bytes = Span<UInt8>(_bytes: bytes)
        var place = 2
        while place + 3 < bytes.count, bytes[place] == 0xFF, bytes[place + 1] != 0xDA {
            place += bytes[place + 1] == 0xFF ? 1 : 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
        }
        var last = bytes.count - 2
        while last > place {
            if bytes[last] == 0xFF, bytes[last + 1] == 0xD9 { return true }
            last -= 1
        }
        return false
    }

    /// The corresponding C function is `tjGetErrorStr2`.
    private var reason: String {
        unsafe tjGetErrorStr2(handle).map { unsafe String(cString: $0) } ?? "no reason given"
    }

    private borrowing func damaged(_ path: String) -> Fault {
        .badData(
            path, found: "a damaged JPEG (\(reason))", expected: "a whole image", remedy: "copy or download it again")
    }
}

/// Ink as light: cyan, magenta, yellow and black as JPEG files hold them, inverted.
enum PrintColors {
    /// Multiplies each ink's light by black's, rounded as Pillow rounds it.
    static func toRGB(_ values: [UInt8]) -> [UInt8] {
        var colors: [UInt8] = []
        colors.reserveCapacity(values.count / 4 * 3)
        for pixel in stride(from: 0, to: values.count - 3, by: 4) {
            let black = Int(values[pixel + 3])
            for ink in 0 ..< 3 {
                let product = (255 - Int(values[pixel + ink])) * black + 128
                colors.append(UInt8(clamping: black - (product >> 8 + product) >> 8))
            }
        }
        return colors
    }
}
