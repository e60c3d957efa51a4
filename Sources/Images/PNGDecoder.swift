internal import CPNG
internal import Core

/// A decoder of PNG images that wraps libpng.
@safe struct PNGDecoder: ~Copyable {
    private let reader: OpaquePointer
    private let path: String

    /// Returns all pixels of the PNG image in `bytes`.
    static func decode(_ bytes: RawSpan, path: String) throws(Fault) -> ImagePixels {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            // The buffer outlives the reader.
            unsafe try PNGDecoder(buffer, path).decode(fileLength: buffer.count)
        }
    }

    /// The corresponding C function is `cpng_open`.
    private init(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(Fault) {
        guard let made = unsafe cpng_open(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) else {
            throw Fault(.unavailable, "libpng", found: "a failed allocation", remedy: "free some memory")
        }
        unsafe reader = made
        self.path = path
    }

    deinit { unsafe cpng_close(reader) }

    /// The corresponding C function is `cpng_read`.
    private borrowing func decode(fileLength: Int) throws(Fault) -> ImagePixels {
        try check()
        let width = unsafe Int(cpng_width(reader))
        let height = unsafe Int(cpng_height(reader))
        try ImagePixels.checkSize(width, height, in: fileLength, path: path)
        let count = 3 * width * height
        var isWhole = false
        let values = unsafe [UInt8](unsafeUninitializedCapacity: count) { pixels, used in
            guard let first = pixels.baseAddress else { return }
            isWhole = unsafe cpng_read(reader, first) == 1
            used = isWhole ? count : 0
        }
        try check()
        let warning = unsafe String(cString: cpng_warning(reader))
        return ImagePixels(
            width: width, height: height, values: values, clippedCount: unsafe cpng_clipped(reader),
            warning: warning.isEmpty ? nil : warning)
    }

    private borrowing func check() throws(Fault) {
        let reason = unsafe String(cString: cpng_error(reader))
        guard reason.isEmpty else { throw .damagedImage(path, found: "a damaged PNG (\(reason))") }
    }
}
