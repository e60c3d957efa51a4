internal import CTurboJPEG
internal import Core

/// A decoder of JPEG images that wraps TurboJPEG.
@safe struct JPEGDecoder: ~Copyable {
    private let handle: tjhandle

    init() throws(Fault) {
        guard let made = unsafe tjInitDecompress() else {
            throw Fault(.unavailable, "TurboJPEG", found: "a failed allocation", remedy: "free some memory")
        }
        unsafe handle = made
    }

    deinit { unsafe tjDestroy(handle) }

    /// Returns all pixels of the JPEG image in `bytes`, or the image with sides divided by `reduction`: 1, 2, 4, or 8.
    ///
    /// The corresponding C functions are `tjDecompressHeader3` and `tjDecompress2`. As in Pillow, a truncated image is
    /// an error, because the missing part would be gray. Other warnings, as of extra bytes, are kept in the image.
    borrowing func decode(
        _ bytes: RawSpan, path: String, reduction: Int32 = 1
    ) throws(Fault) -> ImagePixels {
        var width = Int32(0)
        var height = Int32(0)
        var subsampling = Int32(0)
        var colors = Int32(0)
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe tjDecompressHeader3(
                handle, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(buffer.count), &width, &height,
                &subsampling, &colors)
        }
        guard unsafe code == 0 || (tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) && width > 0) else {
            throw damaged(path)
        }
        try ImagePixels.checkSize(Int(width), Int(height), in: bytes.byteCount, path: path)
        // As TurboJPEG's macro TJSCALED.
        width = (width + reduction - 1) / reduction
        height = (height + reduction - 1) / reduction
        let isCMYK = colors == Int32(TJCS_CMYK.rawValue) || colors == Int32(TJCS_YCCK.rawValue)
        let format = isCMYK ? TJPF_CMYK : TJPF_RGB
        let channels = isCMYK ? 4 : 3
        let count = Int(width) * Int(height) * channels
        var isWhole = false
        var values = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, used in
            isWhole = unsafe decompress(bytes, width, height, format, pixels) == 0
            used = isWhole ? count : 0
        }
        var warning: String?
        if !isWhole {
            guard unsafe tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue), Self.hasEnd(bytes),
                let whole = wholePixels(bytes, width, height, format, count: count)
            else { throw damaged(path) }
            values = whole
            warning = reason
        }
        return ImagePixels(
            width: Int(width), height: Int(height), values: isCMYK ? rgb(fromInvertedCMYK: values) : values,
            warning: warning)
    }

    /// The corresponding C function is `tjDecompress2`, which returns 0 for success without a warning.
    private borrowing func decompress(
        _ bytes: RawSpan, _ width: Int32, _ height: Int32, _ format: TJPF, _ pixels: UnsafeMutableBufferPointer<UInt8>
    ) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe tjDecompress2(
                handle, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt(buffer.count),
                pixels.baseAddress, width, 0, height, Int32(format.rawValue), TJFLAG_LIMITSCANS)
        }
    }

    /// Decodes an image again after a warning and returns its pixels if they are complete.
    ///
    /// After a warning, TurboJPEG does not report a later fatal error and leaves the rest of the memory unchanged. The
    /// pixels are complete if two runs over differently filled memory give the same result.
    private borrowing func wholePixels(
        _ bytes: RawSpan, _ width: Int32, _ height: Int32, _ format: TJPF, count: Int
    ) -> [UInt8]? {
        var results: [[UInt8]] = []
        for fill in [0, 255] as [UInt8] {
            var values = [UInt8](repeating: fill, count: count)
            unsafe values.withUnsafeMutableBufferPointer { unsafe _ = decompress(bytes, width, height, format, $0) }
            results.append(values)
        }
        return results[0] == results[1] ? results[0] : nil
    }

    /// Whether an end marker follows the start of the first scan; scans themselves cannot contain one.
    private static func hasEnd(_ bytes: RawSpan) -> Bool {
        let bytes = Span<UInt8>(_bytes: bytes)
        var offset = 2
        while offset + 3 < bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] != 0xDA {
            offset += bytes[offset + 1] == 0xFF ? 1 : 2 + (Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3]))
        }
        var last = bytes.count - 2
        while last > offset {
            if bytes[last] == 0xFF, bytes[last + 1] == 0xD9 { return true }
            last -= 1
        }
        return false
    }

    /// The corresponding C function is `tjGetErrorStr2`.
    private var reason: String { unsafe tjGetErrorStr2(handle).map { unsafe String(cString: $0) } ?? "no reason given" }

    private borrowing func damaged(_ path: String) -> Fault { .damagedImage(path, found: "a damaged JPEG (\(reason))") }
}

/// Converts CMYK values, which JPEG files store inverted, to RGB with Pillow's rounding.
private func rgb(fromInvertedCMYK values: [UInt8]) -> [UInt8] {
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
