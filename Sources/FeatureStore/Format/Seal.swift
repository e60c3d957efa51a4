internal import Core
internal import Foundation

/// What the first page of a feature file says about the rest of it, so that nothing damaged is ever interpreted.
///
/// The page holds three lines, then NUL bytes: ``firstLine``; this value as JSON; the XXH3-64 of that JSON line.
struct Seal: Codable, Equatable {
    /// Whether the features can be mapped, must be decompressed, or lie in other files.
    enum Form: String, Codable { case hot, packed, virtual }

    /// Bytes that the seal leaves out, because they are checked block by block when they are touched.
    struct Payload: Codable, Equatable {
        var name: String
        var offset: Int
        var size: Int
        /// Bytes a checksum covers: a whole number of rows.
        var block: Int

        var blockCount: Int { (size - 1) / block + 1 }
    }

    /// The list of a packed file's chunks: where each starts and how long it is.
    struct ChunkTable: Codable, Equatable {
        var offset: Int
        var count: Int
        /// XXH3-64 of the list, as it is believed before the rest.
        var checksum: String
    }

    var form: Form
    /// Bytes of the whole file.
    var length: Int
    /// In order of their offsets.
    var payloads: [Payload]
    /// Where the checksums are: of the chunks, then of the payloads' blocks, in order.
    var checksums: Int
    var chunks: ChunkTable?
    /// SHA-256 of each dataset's bytes, unpacked.
    var digests: [String: Digest]
    /// ``fingerprint(of:)`` of all other bytes, in hexadecimal.
    var seal = ""
    /// The places of the chunks, in order, from their list.
    var chunkRanges: [Range<Int>] = []

    enum CodingKeys: CodingKey { case form, length, payloads, checksums, chunks, digests, seal }

    static let firstLine = "fewshot features 1"
    /// Bytes that one checksum of the sealed ranges covers.
    static let piece = 1 << 20

    /// The first page of the file.
    func page(_ path: String) throws(Fault) -> [UInt8] {
        let line = JSONDocument.line(self)
        let text = "\(Self.firstLine)\n\(line)\n\(hexadecimal(checksum(of: line)))\n"
        var page = Array(text.utf8)
        guard page.count <= HDF5File.userBlock else {
            throw .badData(path, found: "a seal of \(page.count) bytes", expected: "\(HDF5File.userBlock) at most")
        }
        page += [UInt8](repeating: 0, count: HDF5File.userBlock - page.count)
        return page
    }

    /// The ranges that the seal leaves out, in order.
    private var openRanges: [Range<Int>] {
        let ranges = chunkRanges + payloads.map { $0.offset ..< $0.offset + $0.size }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// The ranges that the seal covers: all but the first page, the payloads and the chunks.
    private var sealedRanges: [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = HDF5File.userBlock
        for open in openRanges {
            if start < open.lowerBound { ranges.append(start ..< open.lowerBound) }
            start = open.upperBound
        }
        if start < length { ranges.append(start ..< length) }
        return ranges
    }

    /// XXH3-64 over the XXH3-64 (little-endian, in order) of each piece of each sealed range, on all cores.
    func fingerprint(of bytes: RawSpan) throws(Fault) -> String {
        let pieces = sealedRanges.flatMap { range in
            stride(from: range.lowerBound, to: range.upperBound, by: Self.piece).map {
                $0 ..< min($0 + Self.piece, range.upperBound)
            }
        }
        let sums = try pieceChecksums(pieces, in: bytes)
        return hexadecimal(unsafe Core.checksum(sums.span.bytes))
    }
}

extension Seal {
    /// Reads the first page and checks the file against it, all but the payloads.
    ///
    /// - Throws: `badData` where a byte of the page or the sealed ranges is not what was written.
    init(checking bytes: RawSpan, path: String) throws(Fault) {
        self = try Self.read(bytes, path: path)
        guard length == bytes.byteCount else {
            throw .badData(
                path, found: "\(bytes.byteCount) bytes", expected: "\(length) bytes", remedy: "make or copy it again")
        }
        for payload in payloads where payload.block <= 0 || !isRange(payload.offset, payload.size) {
            throw .damaged(path, "an impossible range for \(payload.name)")
        }
        try readChunks(bytes, path)
        var end = HDF5File.userBlock
        for range in openRanges {
            guard range.lowerBound >= end else { throw .damaged(path, "ranges that overlap") }
            end = range.upperBound
        }
        guard try fingerprint(of: bytes) == seal else { throw .damaged(path, "damaged bytes outside the features") }
    }

    /// Whether there are `size` bytes at `offset` behind the first page.
    private func isRange(_ offset: Int, _ size: Int) -> Bool {
        offset >= HDF5File.userBlock && offset <= length && size > 0 && size <= length - offset
    }

    /// Reads the list of chunks, which says what the seal leaves out.
    private mutating func readChunks(_ bytes: RawSpan, _ path: String) throws(Fault) {
        guard (form == .packed) == (chunks != nil) else { throw .damaged(path, "a form without its chunks") }
        guard let chunks else { return }
        guard chunks.count > 0, chunks.count <= length / 16, isRange(chunks.offset, chunks.count * 16) else {
            throw .damaged(path, "an impossible list of chunks")
        }
        let list = bytes.extracting(chunks.offset ..< chunks.offset + chunks.count * 16)
        guard hexadecimal(Core.checksum(list)) == chunks.checksum else {
            throw .damaged(path, "a damaged list of chunks")
        }
        for index in 0 ..< chunks.count {
            let (offset, size) = unsafe (
                Int(clamping: list.unsafeLoadUnaligned(fromByteOffset: index * 16, as: UInt64.self)),
                Int(clamping: list.unsafeLoadUnaligned(fromByteOffset: index * 16 + 8, as: UInt64.self))
            )
            guard isRange(offset, size) else { throw .damaged(path, "a chunk outside the file") }
            chunkRanges.append(offset ..< offset + size)
        }
    }

    private static func read(_ bytes: RawSpan, path: String) throws(Fault) -> Seal {
        let head = bytes.extracting(0 ..< min(bytes.byteCount, HDF5File.userBlock))
        let page = unsafe head.withUnsafeBytes { unsafe Array($0) }
        guard page.starts(with: Array((firstLine + "\n").utf8)) else { throw .notAFeatureFile(page, path) }
        let lines = page.split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
        guard page.count == HDF5File.userBlock, lines.count == 4, lines[3].allSatisfy({ $0 == 0 }),
            let line = String(validating: lines[1], as: UTF8.self),
            hexadecimal(checksum(of: line)).utf8.elementsEqual(lines[2])
        else { throw .damaged(path, "a damaged first page") }
        return try JSONDocument.decode(
            Seal.self, from: Data(line.utf8), path: path, expected: "the seal of a feature file")
    }
}

extension Fault {
    /// Bytes that are not what was written.
    static func damaged(_ path: String, _ found: String) -> Fault {
        .badData(path, found: found, expected: "the bytes that were sealed", remedy: "make or copy it again")
    }

    /// A file without our first line.
    fileprivate static func notAFeatureFile(_ page: [UInt8], _ path: String) -> Fault {
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
        let isForeign = [0, 512, 1024, 2048].contains { page.dropFirst($0).starts(with: signature) }
        return .badData(
            path, found: isForeign ? "an HDF5 file without this project's seal" : "no feature file",
            expected: "a file that starts with '\(Seal.firstLine)'",
            remedy: "save its arrays as .npy or .safetensors and \(action: .importFeatures)")
    }
}

/// The checksum of a text's UTF-8 bytes.
private func checksum(of text: String) -> UInt64 { unsafe Core.checksum(Array(text.utf8).span.bytes) }

/// Sixteen lowercase hexadecimal digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
