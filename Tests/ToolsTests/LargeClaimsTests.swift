import Foundation
import TestSupport
import Testing

/// Files of some hundred bytes whose headers claim gigabytes of pixels.
private func largeClaims() throws -> [String: [UInt8]] {
    func image(_ name: String, _ places: [(place: Int, width: Int, number: UInt64)], isBig: Bool = false) throws
        -> [UInt8]
    {
        var file = try bytes(of: fixture("images/\(name)"))
        for (place, width, number) in places { writeNumber(number, to: &file, at: place, width: width, isBig: isBig) }
        return file
    }
    let tiff = try bytes(of: fixture("images/plain.tif"))
    let directory = Int(tiff[4]) | Int(tiff[5]) << 8
    let rows = try #require((0 ..< 8).map { directory + 2 + 12 * $0 }.first { tiff[$0] == 1 && tiff[$0 + 1] == 1 })
    let heic = try bytes(of: fixture("images/420.heic"))
    let size = try #require(heic.indices.dropLast(3).first { heic[$0 ..< $0 + 4].elementsEqual("ispe".utf8) })
    let avif = try bytes(of: fixture("images/420.avif"))
    let extent = try #require(avif.indices.dropLast(3).first { avif[$0 ..< $0 + 4].elementsEqual("ispe".utf8) })
    let jpeg = try bytes(of: fixture("images/rgb.jpg"))
    let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    return [
        "screen.gif": try image("plain.gif", [(6, 2, 65535), (8, 2, 65535)]),
        "picture.gif": try image("beyond.gif", [(6, 4, 1), (13 + 5, 4, 0xFFFF_FFFF)]),
        "rows.tif": try image("plain.tif", [(rows + 2, 2, 4), (rows + 8, 4, 0x7FFF_FFFF)]),
        "canvas.webp": try image("extended.webp", [(24, 3, 16382), (27, 3, 16382)]),
        "lossy.webp": try image("lossy.webp", [(26, 2, 16383), (28, 2, 16383)]),
        "lossless.webp": try image("lossless.webp", [(21, 4, 0x0FFF_FFFF)]),
        "moving.webp": try image("moving.webp", [(24, 6, 0xFFFF_FFFF_FFFF)]),
        "sides.jpg": try image("rgb.jpg", [(frame + 5, 4, 0xFFDC_FFDC)], isBig: true),
        "sides.bmp": try image("plain.bmp", [(18, 4, 30_000), (22, 4, 30_000)]),
        "stream.heic": try bytes(of: fixture("images/claims/stream.heic")),
        "sides.heic": try image("420.heic", [(size + 8, 4, 30_000), (size + 12, 4, 30_000)], isBig: true),
        "sides.avif": try image("420.avif", [(extent + 8, 4, 16_000), (extent + 12, 4, 16_000)], isBig: true),
        "text.ppm": Array("P3 30000 30000 255\n1 2 3".utf8),
        "bits.pbm": Array("P4 2000000 500 ".utf8),
        "sides.png": try image("rgb.png", [(16, 4, 30_000), (20, 4, 30_000)], isBig: true),
    ]
}

@Test func smallFilesThatClaimManyPixelsTakeNoMemory() throws {
    let scratch = try ScratchFolder()
    let files = try largeClaims()
    for (name, bytes) in files { try scratch.write(bytes, "data/\(name)") }
    let items = files.keys.sorted().map { "[\"\($0)\", 0, \"cat\"]" }.joined(separator: ", ")
    let split = try scratch.write("{\"train\": [\(items)], \"val\": [], \"test\": []}", "split.json")
    // Kibibytes of address space: less than any of them would need, and what is asked for in vain ends the tool.
    let run = try ToolRun(
        "fewshot-split", ["check", split, "--root", scratch.file("data"), "--decode", "--json"],
        shell: "ulimit -v 786432;")
    #expect(run.status == 65, "\(run.status) \(run.messages)")
    let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let damaged = (report?["damaged"] as? [[String: Any]])?.compactMap { $0["path"] as? String } ?? []
    let unreadable = (report?["unreadable"] as? [[String: Any]])?.compactMap { $0["path"] as? String } ?? []
    #expect((damaged + unreadable).sorted() == files.keys.sorted(), "\(run.output)")
}
