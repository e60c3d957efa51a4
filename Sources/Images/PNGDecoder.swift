internal import CPNG
internal import Core

/// Decodes a PNG image through libpng: the one door to it.
@safe struct PNGDecoder: ~Copyable {
    private let reader: OpaquePointer
    private let path: String

    /// All pixels of the PNG image in `bytes`.
    static func decode(_ bytes: RawSpan, path: String) throws(Fault) -> ImagePixels {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            // The bytes stay where they are while the reader lives.
            unsafe try PNGDecoder(buffer, path).decode(fileLength: buffer.count)
        }
    }

    /// The corresponding C function is `cpng_open`.
    private init(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(Fault) {
        guard let made = unsafe cpng_open(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) else {
            throw Fault(.unavailable, "libpng", found: "no reader", remedy: "free some memory")
        }
        unsafe reader = made
        self.path = path
    }

    deinit { unsafe cpng_close(reader) }

    /// The corresponding C function is `cpng_read`.
    private borrowing func decode(fileLength: Int) throws(Fault) -> ImagePixels {
        try check()
        let (width, height) = unsafe (Int(cpng_width(reader)), Int(cpng_height(reader)))
        try ImagePixels.checkSize(width, height, in: fileLength, path: path)
        let count = 3 * width * height
        var isWhole = false
        let values = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, used in
            guard let first = pixels.baseAddress else { return }
            isWhole = unsafe cpng_read(reader, first) == 1
            used = isWhole ? count : 0
        }
        try check()
        var complaint = unsafe String(cString: cpng_warning(reader))
        if unsafe cpng_is_deep_gray(reader) == 1, complaint.isEmpty {
            complaint = "gray values of 16 bits, which are clipped to 255 as Pillow does"
        }
        return ImagePixels(
            width: width, height: height, values: values, complaint: complaint.isEmpty ? nil : complaint)
    }

    private borrowing func check() throws(Fault) {
        let reason = unsafe String(cString: cpng_error(reader))
        guard reason.isEmpty else {
            throw .badData(
                path, found: "a damaged PNG (\(reason))", expected: "a whole image", remedy: "copy or download it again"
            )
        }
    }
}
