internal import CHEIF
internal import Core

/// A decoder of the primary image of a HEIC file that wraps libheif.
///
/// The pixels equal those of pillow-heif, which rotates and crops them as the file says.
@safe struct HEICDecoder: ~Copyable {
    private let reader: OpaquePointer
    private let path: String

    /// Returns the size and the kind of the image in `bytes`.
    static func header(_ bytes: RawSpan, path: String) throws(Fault) -> ImageHeader.Facts {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            // The buffer outlives the reader.
            unsafe try HEICDecoder(buffer, path).facts()
        }
    }

    /// Returns all pixels of the image in `bytes`.
    static func decode(_ bytes: RawSpan, path: String) throws(Fault) -> ImagePixels {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            // The buffer outlives the reader.
            unsafe try HEICDecoder(buffer, path).decode(fileLength: buffer.count)
        }
    }

    /// The corresponding C function is `cheif_open`.
    private init(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(Fault) {
        guard let made = unsafe cheif_open(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) else {
            throw Fault(.unavailable, "libheif", found: "a failed allocation", remedy: "free some memory")
        }
        unsafe reader = made
        self.path = path
    }

    deinit { unsafe cheif_close(reader) }

    private borrowing func facts() throws(Fault) -> ImageHeader.Facts {
        try check()
        return unsafe ImageHeader.Facts(
            Int(cheif_width(reader)), Int(cheif_height(reader)), isDeepGray: cheif_is_deep_gray(reader) == 1)
    }

    /// The corresponding C functions are `cheif_decode` and `cheif_copy`.
    private borrowing func decode(fileLength: Int) throws(Fault) -> ImagePixels {
        try check()
        // The image before it is cropped.
        try ImagePixels.checkSize(unsafe Int(cheif_stored_area(reader)), 1, in: fileLength, path: path)
        let isWhole = unsafe cheif_decode(reader) == 1
        try check()
        let width = unsafe Int(cheif_decoded_width(reader))
        let height = unsafe Int(cheif_decoded_height(reader))
        guard isWhole, unsafe width == Int(cheif_width(reader)), unsafe height == Int(cheif_height(reader)) else {
            throw .damagedImage(path, found: "a damaged HEIC (a picture of another size than the file says)")
        }
        var clipped = 0
        let count = 3 * width * height
        let values = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, used in
            guard let first = pixels.baseAddress else { return }
            clipped = unsafe cheif_copy(reader, first)
            used = count
        }
        let warning = unsafe String(cString: cheif_warning(reader))
        return ImagePixels(
            width: width, height: height, values: values, clippedCount: clipped,
            warning: warning.isEmpty ? nil : warning)
    }

    private borrowing func check() throws(Fault) {
        let reason = unsafe String(cString: cheif_error(reader))
        guard !reason.isEmpty else { return }
        guard unsafe cheif_is_unsupported(reader) == 0 else {
            throw .unsupportedImage(path, found: "a HEIC of a kind that is not decoded (\(reason))", expected: "HEVC")
        }
        throw .damagedImage(path, found: "a damaged HEIC (\(reason))")
    }
}
