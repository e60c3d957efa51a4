import Core
import Images
import TestSupport
import Testing

private let plan = MutationPlan()

/// The number of mutations per image: 10,000 in all, and 10,000 more of each format whose decoder is the youngest.
private func rounds(_ name: String) -> Int {
    func count(_ names: [String]) -> Int { 10_000 / max(1, names.count) + 1 }
    let format = ImageFormat(fileName: name)
    return [.heic, .avif, .ppm].contains(format)
        ? count(Fixtures.images.filter { ImageFormat(fileName: $0) == format }) : count(Fixtures.images)
}

extension Dice {
    /// Damages numbers of an image's header, or any of its bytes.
    ///
    /// Checksums and lengths are mostly repaired, because a decoder would stop at once otherwise.
    fileprivate mutating func mutate(_ original: [UInt8], _ fields: HeaderFields) -> [UInt8] {
        var bytes = original
        let isAimed = below(2) == 0 && !fields.all.isEmpty
        for _ in 0 ... below(3) where isAimed {
            let field = fields.all[below(fields.all.count)]
            let number = below(3) == 0 ? UInt64(below(64)) : oddNumber(near: bytes.count)
            writeNumber(number, to: &bytes, at: field.offset, width: field.width, isBig: field.isBig)
        }
        if !isAimed || below(4) == 0 { for _ in 0 ... below(3) { damage(&bytes, dense: 64) } }
        if below(4) > 0 { Repair.repair(&bytes) }
        return bytes
    }
}

/// Repairs the fields by which a decoder detects damage, so that it continues.
private enum Repair {
    static func repair(_ bytes: inout [UInt8]) {
        switch ImageFormat(firstBytes: bytes) {
        case .png: checksums(&bytes)
        case .webp: writeNumber(UInt64(bytes.count - 8), to: &bytes, at: 4, width: 4, isBig: false)
        default: break
        }
    }

    /// The CRC of each chunk of a PNG.
    private static func checksums(_ bytes: inout [UInt8]) {
        var offset = 8
        while offset + 12 <= bytes.count {
            let length = bytes[offset ..< offset + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = offset + 8 + length
            guard end + 4 <= bytes.count else { return }
            let sum = crc32(bytes[offset + 4 ..< end])
            writeNumber(UInt64(sum), to: &bytes, at: end, width: 4, isBig: true)
            offset = end + 4
        }
    }
}

@Test(.timeLimit(.minutes(5)), arguments: Fixtures.images.indices)
func noMutationOfAnImageCrashes(_ index: Int) throws {
    let name = Fixtures.images[index]
    let original = try Fixtures.bytes(name)
    let fields = HeaderFields(original)
    #expect(fields.all.count > 8, "\(name)")
    var dice = Dice(seed: plan.seed &+ UInt64(index) << 32)
    var preprocessor = try Preprocessor(Preprocessing(size: 16))
    var decoded = 0
    var rejected = 0
    for round in plan.rounds(rounds(name)) {
        let bytes = dice.mutate(original, fields)
        let context = Comment(rawValue: "seed \(plan.seed), \(name), mutation \(round)")
        do throws(Fault) {
            let header = unsafe try ImageHeader(bytes.span.bytes, path: name)
            let image = unsafe try ImagePixels(decoding: bytes.span.bytes, path: name)
            decoded += 1
            // A frame that extends beyond the screen of a GIF enlarges it.
            let isStated = image.width == header.width && image.height == header.height
            #expect(isStated || header.format == .gif && image.width >= header.width, context)
            #expect(image.values.count == 3 * image.width * image.height, context)
            let views = try prepare(image, name, view: 1 + dice.below(5), &preprocessor)
            #expect(views.allSatisfy { $0.magnitude < 3 }, context)
        } catch {
            rejected += 1
            let flaw = flaw(in: error, naming: name)
            #expect(flaw == nil && error.status == .badData, context)
        }
    }
    // The checksum over a PNG's pixels detects most damage.
    let isSurvivable = !name.hasSuffix(".png") && !name.hasPrefix("refused-")
    #expect(decoded > 0 || !isSurvivable, "seed \(plan.seed), \(name): none of \(rejected) decoded")
    #expect(rejected > 0, "seed \(plan.seed), \(name): all of \(decoded) decoded")
}

/// Returns two inputs of an encoder: the whole image and a random crop.
private func prepare(
    _ image: ImagePixels, _ name: String, view: Int, _ preprocessor: inout Preprocessor
) throws(Fault) -> [Float] {
    let count = preprocessor.preprocessing.count
    var values = [Float](repeating: .nan, count: 2 * count)
    var span = values.mutableSpan
    for (index, view) in [0, view].enumerated() {
        let key = ViewKey(seed: 1, item: name, view: view)
        try preprocessor.write(key, of: image, path: name, into: &span, at: index * count)
    }
    return values
}
