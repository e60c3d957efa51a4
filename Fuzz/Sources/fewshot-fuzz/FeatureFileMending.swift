internal import Artifacts
internal import Foundation

/// What the first page of a feature file says, by its published format.
private struct Page: Codable {
    struct Payload: Codable {
        var name: String
        var offset, size, block: Int
    }

    struct Chunks: Codable {
        var offset, count: Int
        var checksum: String
    }

    var form: String
    var length: Int
    var payloads: [Payload]
    var checksums: Int
    var chunks: Chunks?
    var digests: [String: String]
    var seal: String
}

private let firstLine = "fewshot features 1\n"
private let pageBytes = 4096

/// A feature file whose seal and checksums are right for whatever bytes it holds: such a file comes from someone who means harm.
///
/// Where the first page cannot be read only its own checksum is mended.
func sealedFeatureFile(_ file: [UInt8]) -> [UInt8] {
    guard file.count >= pageBytes, let line = file[..<pageBytes].split(separator: 10, maxSplits: 2).dropFirst().first
    else { return file }
    var file = file
    var text = Array(line)
    if var page = try? JSONDecoder().decode(Page.self, from: Data(text)) {
        page.length = file.count
        mend(&page, &file)
        text = Array(JSONDocument.line(page).utf8)
    }
    let first = Array(firstLine.utf8) + text + [10] + hexadecimal(sum(text[...])).utf8 + [10]
    guard first.count <= pageBytes else { return file }
    file.replaceSubrange(..<pageBytes, with: first + [UInt8](repeating: 0, count: pageBytes - first.count))
    return file
}

/// Makes the checksums of blocks and chunks and the fingerprint of all else right, as far as their ranges lie in the file.
private func mend(_ page: inout Page, _ file: inout [UInt8]) {
    func isInside(_ start: Int, _ size: Int) -> Bool { start >= pageBytes && size > 0 && start <= file.count - size }
    var open: [Range<Int>] = []
    if let list = page.chunks, list.count > 0, list.count < 4096, isInside(list.offset, 16 * list.count) {
        page.chunks?.checksum = hexadecimal(sum(file[list.offset ..< list.offset + 16 * list.count]))
        for index in 0 ..< list.count {
            let (start, size) = (number(file, list.offset + 16 * index), number(file, list.offset + 16 * index + 8))
            guard let start = Int(exactly: start), let size = Int(exactly: size), isInside(start, size) else { return }
            open.append(start ..< start + size)
        }
    }
    var blocks = open
    for payload in page.payloads {
        guard payload.block > 0, isInside(payload.offset, payload.size), payload.size / payload.block < 4096 else {
            return
        }
        let end = payload.offset + payload.size
        open.append(payload.offset ..< end)
        blocks += stride(from: payload.offset, to: end, by: payload.block).map { $0 ..< min($0 + payload.block, end) }
    }
    if isInside(page.checksums, 8 * blocks.count) {
        let sums = littleEndian(blocks.map { (sum(file[$0]), 8) })
        file.replaceSubrange(page.checksums ..< page.checksums + sums.count, with: sums)
    }
    var (start, pieces) = (pageBytes, [UInt64]())
    for range in open.sorted(by: { $0.lowerBound < $1.lowerBound }) + [file.count ..< file.count] {
        guard range.lowerBound >= start else { return }
        for piece in stride(from: start, to: range.lowerBound, by: 1 << 20) {
            pieces.append(sum(file[piece ..< min(piece + 1 << 20, range.lowerBound)]))
        }
        start = range.upperBound
    }
    page.seal = hexadecimal(sum(littleEndian(pieces.map { ($0, 8) })[...]))
}

private func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 { unsafe checksum(bytes.span.bytes) }

private func number(_ bytes: [UInt8], _ place: Int) -> UInt64 {
    (0 ..< 8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
}

private func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

/// The checksums that HDF5 keeps of its own structures: where each begins and ends, its four bytes behind it.
///
/// They are found in a sound file: where one of HDF5's signatures stands, and some bytes on the checksum of those between.
func structureChecksums(of file: [UInt8]) -> [Range<Int>] {
    let signatures = [
        "\u{89}HDF", "OHDR", "OCHK", "FRHP", "FHDB", "FHIB", "BTHD", "BTIN", "BTLF", "FAHD", "FADB", "EAHD",
    ]
    .map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
    return (pageBytes ..< max(pageBytes, file.count - 8)).filter { place in
        signatures.contains { file[place ..< place + 4].elementsEqual($0) }
    }.compactMap { place in
        (place + 8 ..< min(place + 4096, file.count - 4)).first { end in
            littleEndian([(UInt64(lookup3(file[place ..< end])), 4)].map { $0 }) == Array(file[end ..< end + 4])
        }.map { place ..< $0 }
    }
}

/// Makes HDF5's own checksums right.
func mendStructureChecksums(_ file: inout [UInt8], _ ranges: [Range<Int>]) {
    for range in ranges where range.upperBound + 4 <= file.count {
        let sum = littleEndian([(UInt64(lookup3(file[range])), 4)])
        file.replaceSubrange(range.upperBound ..< range.upperBound + 4, with: sum)
    }
}

/// Bob Jenkins's `hashlittle` with the initial value 0, which HDF5 checks its structures with.
func lookup3(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    func turned(_ x: UInt32, _ by: UInt32) -> UInt32 { x << by | x >> (32 - by) }
    var rest = bytes
    var (a, b, c) = (UInt32(0xDEAD_BEEF) &+ UInt32(truncatingIfNeeded: bytes.count), UInt32(0), UInt32(0))
    (b, c) = (a, a)
    func word(_ index: Int) -> UInt32 {
        (0 ..< 4).reduce(0) { sum, byte in
            let place = rest.startIndex + 4 * index + byte
            return place < rest.endIndex ? sum | UInt32(rest[place]) << UInt32(8 * byte) : sum
        }
    }
    while rest.count > 12 {
        (a, b, c) = (a &+ word(0), b &+ word(1), c &+ word(2))
        a = (a &- c) ^ turned(c, 4)
        c = c &+ b
        b = (b &- a) ^ turned(a, 6)
        a = a &+ c
        c = (c &- b) ^ turned(b, 8)
        b = b &+ a
        a = (a &- c) ^ turned(c, 16)
        c = c &+ b
        b = (b &- a) ^ turned(a, 19)
        a = a &+ c
        c = (c &- b) ^ turned(b, 4)
        b = b &+ a
        rest = rest.dropFirst(12)
    }
    guard !rest.isEmpty else { return c }
    (a, b, c) = (a &+ word(0), b &+ word(1), c &+ word(2))
    c = (c ^ b) &- turned(b, 14)
    a = (a ^ c) &- turned(c, 11)
    b = (b ^ a) &- turned(a, 25)
    c = (c ^ b) &- turned(b, 16)
    a = (a ^ c) &- turned(c, 4)
    b = (b ^ a) &- turned(a, 14)
    c = (c ^ b) &- turned(b, 24)
    return c
}
