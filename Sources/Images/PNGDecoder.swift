internal import Artifacts
internal import CPNG

/// Decodes a PNG image through libpng's simplified interface: the one door to it.
@safe struct PNGDecoder: ~Copyable {
    /// At an address of its own: libpng remembers where it is between calls.
    private let image: UnsafeMutablePointer<png_image>
    private let path: String

    /// All pixels of the PNG image in `bytes`.
    static func decode(_ bytes: RawSpan, path: String) throws(Fault) -> ImagePixels {
        let picture = try PNGChunks.withoutColorSpace(bytes, path: path)
        let decoder = PNGDecoder(path)
        return unsafe try picture.span.bytes.withUnsafeBytes { buffer throws(Fault) in
            unsafe try decoder.decode(buffer, fileLength: bytes.byteCount)
        }
    }

    private init(_ path: String) {
        unsafe image = .allocate(capacity: 1)
        unsafe image.initialize(to: png_image())
        unsafe image.pointee.version = png_uint_32(PNG_IMAGE_VERSION)
        self.path = path
    }

    deinit {
        unsafe png_image_free(image)
        unsafe image.deallocate()
    }

    /// The corresponding C functions are `png_image_begin_read_from_memory` and `png_image_finish_read`.
    ///
    /// The second one reads on where the first one stopped, so the bytes have to stay where they are.
    private borrowing func decode(
        _ bytes: UnsafeRawBufferPointer, fileLength: Int
    ) throws(Fault) -> ImagePixels {
        guard unsafe png_image_begin_read_from_memory(image, bytes.baseAddress, bytes.count) != 0 else {
            throw damaged()
        }
        let (width, height) = unsafe (Int(image.pointee.width), Int(image.pointee.height))
        try ImagePixels.checkSize(width, height, in: fileLength, path: path)
        let alpha = UInt32(PNG_FORMAT_FLAG_ALPHA)
        let hasAlpha = unsafe image.pointee.format & alpha != 0
        let channels = hasAlpha ? 4 : 3
        unsafe image.pointee.format = UInt32(PNG_FORMAT_FLAG_COLOR) | (hasAlpha ? alpha : 0)
        // Otherwise 16-bit samples would be taken for linear light.
        unsafe image.pointee.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
        guard let stride = Int32(exactly: width * channels) else {
            throw .badData(path, found: "\(width) pixels a row", expected: "fewer", remedy: "convert it")
        }
        var isWhole = false
        let values = unsafe [UInt8](unsafeUninitializedCapacity: width * height * channels) { pixels, used in
            let code = unsafe png_image_finish_read(image, nil, pixels.baseAddress, stride, nil)
            isWhole = unsafe code != 0 && image.pointee.warning_or_error == 0
            used = isWhole ? width * height * channels : 0
        }
        guard isWhole else { throw damaged() }
        return ImagePixels(width: width, height: height, values: hasAlpha ? Self.withoutAlpha(values) : values)
    }

    private static func withoutAlpha(_ values: [UInt8]) -> [UInt8] {
        var colors: [UInt8] = []
        colors.reserveCapacity(values.count / 4 * 3)
        for pixel in stride(from: 0, to: values.count - 3, by: 4) {
            colors.append(values[pixel])
            colors.append(values[pixel + 1])
            colors.append(values[pixel + 2])
        }
        return colors
    }

    private borrowing func damaged() -> Fault {
        let reason = unsafe withUnsafeBytes(of: image.pointee.message) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .badData(
            path, found: "a damaged PNG (\(reason.isEmpty ? "no reason given" : reason))", expected: "a whole image",
            remedy: "copy or download it again")
    }
}
