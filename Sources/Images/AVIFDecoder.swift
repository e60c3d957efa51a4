internal import CAVIF
internal import Core

/// A decoder of the first image of an AVIF file that wraps libavif, as Pillow does.
@safe struct AVIFDecoder: ~Copyable {
    private let reader: OpaquePointer
    private let path: String

    /// Returns the size of the image in `bytes`.
    static func header(_ bytes: RawSpan, path: String) throws(Fault) -> ImageHeader.Facts {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            // The buffer outlives the reader.
            unsafe try AVIFDecoder(buffer, path).facts()
        }
    }

    /// Returns all pixels of the image in `bytes`.
    static func decode(_ bytes: RawSpan, path: String) throws(Fault) -> ImagePixels {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            // The buffer outlives the reader.
            unsafe try AVIFDecoder(buffer, path).decode()
        }
    }

    /// The corresponding C function is `cavif_open`.
    private init(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(Fault) {
        guard let made = unsafe cavif_open(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) else {
            throw Fault(.unavailable, "libavif", found: "a failed allocation", remedy: "free some memory")
        }
        unsafe reader = made
        self.path = path
    }

    deinit { unsafe cavif_close(reader) }

    private borrowing func facts() throws(Fault) -> ImageHeader.Facts {
        try check()
        return unsafe ImageHeader.Facts(Int(cavif_width(reader)), Int(cavif_height(reader)))
    }

    /// The corresponding C function is `cavif_read`.
    private borrowing func decode() throws(Fault) -> ImagePixels {
        let size = try facts()
        var isWhole = false
        let count = 3 * size.width * size.height
        let values = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, used in
            guard let first = pixels.baseAddress else { return }
            isWhole = unsafe cavif_read(reader, first) == 1
            used = isWhole ? count : 0
        }
        try check()
        return ImagePixels(width: size.width, height: size.height, values: values)
    }

    private borrowing func check() throws(Fault) {
        let reason = unsafe String(cString: cavif_error(reader))
        guard !reason.isEmpty else { return }
        guard unsafe cavif_is_unsupported(reader) == 0 else {
            throw .unsupportedImage(path, found: "an AVIF of a kind that is not decoded (\(reason))", expected: "AV1")
        }
        throw .damagedImage(path, found: "a damaged AVIF (\(reason))")
    }
}
