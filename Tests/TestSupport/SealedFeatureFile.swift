internal import Core
internal import Foundation

/// The fields of the first page of a feature file, as its published format defines them.
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

/// A feature file with a correct seal and correct checksums for arbitrary bytes, as an attacker would make it.
///
/// If the first page cannot be read, only its own checksum is corrected.
public func sealedFeatureFile(_ file: [UInt8]) -> [UInt8] {
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

/// Corrects the checksums of blocks and chunks and the fingerprint of all other bytes, as far as they are in the file.
private func mend(_ page: inout Page, _ file: inout [UInt8]) {
    func isInside(_ start: Int, _ size: Int) -> Bool { start >= pageBytes && size > 0 && start <= file.count - size }
    var open: [Range<Int>] = []
    if let list = page.chunks, list.count > 0, list.count < 4096, isInside(list.offset, 16 * list.count) {
        page.chunks?.checksum = hexadecimal(sum(file[list.offset ..< list.offset + 16 * list.count]))
        for index in 0 ..< list.count {
            let start = number(file, list.offset + 16 * index)
            let size = number(file, list.offset + 16 * index + 8)
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
    var start = pageBytes
    var pieces: [UInt64] = []
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
