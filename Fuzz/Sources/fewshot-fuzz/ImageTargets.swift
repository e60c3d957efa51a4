internal import Core
internal import Images

/// One target per format, so that each format gets its own time.
let imageTargets: [Target] =
    ["jpeg", "gif", "bmp", "webp", "tiff", "heic", "avif", "ppm"].map { name in
        Target(name) { input, _ throws(Fault) in
            // A frame of a GIF may exceed the header's size by the number of bytes of the file.
            if name != "gif" || input.count <= 4096 { try decode(input) }
        }
    } + [Target("png") { input, _ throws(Fault) in try decode(mendedPNG(input)) }]

private func decode(_ input: [UInt8]) throws(Fault) {
    guard !input.isEmpty else { return }
    let bytes = unsafe input.span.bytes
    _ = ImageOrientation(of: bytes)
    let header = try ImageHeader(bytes, path: "image")
    // Only the headers of larger images are read, as decoding would take too long.
    let (area, overflows) = header.width.multipliedReportingOverflow(by: header.height)
    guard !overflows, area <= 1 << 18 else { return }
    let pixels = try ImagePixels(decoding: bytes, path: "image")
    precondition(pixels.width >= header.width && pixels.height >= header.height)
    precondition(pixels.values.count == 3 * pixels.width * pixels.height)
}
