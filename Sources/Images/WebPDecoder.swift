internal import CWebP
internal import Core

/// A decoder of the first frame of a WebP file that wraps libwebp's animation decoder, as Pillow does.
@safe struct WebPDecoder: ~Copyable {
    private let decoder: OpaquePointer

    /// Returns all pixels of the WebP image in `bytes`, whose header gives `width` × `height`.
    static func decode(_ bytes: RawSpan, width: Int, height: Int, path: String) throws(Fault) -> ImagePixels {
        unsafe try bytes.withUnsafeBytes { buffer throws(Fault) in
            // The buffer outlives the decoder.
            guard let decoder = unsafe WebPDecoder(buffer) else { throw damaged(path) }
            return try decoder.decode(width, height, path)
        }
    }

    /// The corresponding C function is `WebPAnimDecoderNew`.
    private init?(_ bytes: UnsafeRawBufferPointer) {
        var data = unsafe WebPData(bytes: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), size: bytes.count)
        guard let made = unsafe WebPAnimDecoderNew(&data, nil) else { return nil }
        unsafe decoder = made
    }

    deinit { unsafe WebPAnimDecoderDelete(decoder) }

    /// The corresponding C functions are `WebPAnimDecoderGetInfo` and `WebPAnimDecoderGetNext`.
    private borrowing func decode(_ width: Int, _ height: Int, _ path: String) throws(Fault) -> ImagePixels {
        var info = WebPAnimInfo()
        var pixels: UnsafeMutablePointer<UInt8>?
        var time = Int32(0)
        guard unsafe WebPAnimDecoderGetInfo(decoder, &info) == 1, Int(info.canvas_width) == width,
            Int(info.canvas_height) == height, unsafe WebPAnimDecoderGetNext(decoder, &pixels, &time) == 1,
            let pixels = unsafe pixels
        else { throw Self.damaged(path) }
        var values: [UInt8] = []
        values.reserveCapacity(3 * width * height)
        for pixel in 0 ..< width * height {
            for channel in 0 ..< 3 { unsafe values.append(pixels[4 * pixel + channel]) }
        }
        return ImagePixels(width: width, height: height, values: values)
    }

    private static func damaged(_ path: String) -> Fault { .damagedImage(path, found: "a damaged WebP") }
}
