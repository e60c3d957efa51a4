internal import Core
internal import Images

/// A target a format, so that each has its time.
let imageTargets: [Target] =
    ["jpeg", "gif", "bmp", "webp", "tiff"].map { name in
        Target(name) { input, _ throws(Fault) in
            // A picture in a GIF may be larger than the header says, by as much as the file has bytes.
            if name != "gif" || input.count <= 4096 { try decode(input) }
        }
    } + [Target("png") { input, _ throws(Fault) in try decode(mendedPNG(input)) }]

private func decode(_ input: [UInt8]) throws(Fault) {
    guard !input.isEmpty else { return }
    let bytes = unsafe input.span.bytes
    let header = try ImageHeader(bytes, path: "image")
    // Of larger ones only the header is read: decoding them would take all the time.
    let (area, overflows) = header.width.multipliedReportingOverflow(by: header.height)
    guard !overflows, area <= 1 << 18 else { return }
    let pixels = try ImagePixels(decoding: bytes, path: "image")
    precondition(pixels.width >= header.width && pixels.height >= header.height)
    precondition(pixels.values.count == 3 * pixels.width * pixels.height)
}
