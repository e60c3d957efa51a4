internal import CTurboJPEG
internal import Core

/// An encoder of JPEG images that wraps TurboJPEG.
@safe struct JPEGEncoder: ~Copyable {
    private let handle: tjhandle

    init() throws(Fault) {
        guard let made = unsafe tjInitCompress() else {
            throw Fault(.unavailable, "TurboJPEG", found: "a failed allocation", remedy: "free some memory")
        }
        unsafe handle = made
    }

    deinit { unsafe tjDestroy(handle) }

    /// Returns `image` as a JPEG file of a quality from 1 to 100, with colors at half the resolution.
    ///
    /// The corresponding C functions are `tjCompress2` and `tjFree`.
    borrowing func encode(_ image: ImagePixels, quality: Int, path: String) throws(Fault) -> [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        var size = UInt(0)
        defer { unsafe tjFree(buffer) }
        let code = unsafe image.values.withUnsafeBufferPointer { pixels in
            unsafe tjCompress2(
                handle, pixels.baseAddress, Int32(image.width), 0, Int32(image.height), Int32(TJPF_RGB.rawValue),
                &buffer, &size, Int32(TJSAMP_420.rawValue), Int32(quality), 0)
        }
        guard code == 0, let start = unsafe buffer else {
            throw .badData(path, found: "\(image.width) x \(image.height) pixels", expected: "the size of a JPEG")
        }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(size)))
    }
}
