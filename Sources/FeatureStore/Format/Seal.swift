internal import Core
internal import FoundationEssentials

/// The checksum block at the start of a feature file, which is verified before any other byte is interpreted.
///
/// The first page holds three lines, followed by NUL bytes: ``firstLine``, this value as JSON, and the XXH3-64 of that
/// JSON line.
struct Seal: Codable, Equatable {
    /// The storage of the features: memory-mapped, compressed, or in other files.
    enum Form: String, Codable {
        case mapped = "hot"
        case compressed = "packed"
        case virtual

        var title: String { "\(self)" }
    }

    /// A byte range outside of the seal, which is verified block by block on first use.
    struct Payload: Codable, Equatable {
        var name: String
        var offset: Int
        var size: Int
        /// The size of a block with one checksum: a whole number of rows.
        var block: Int

        var blockCount: Int { (size - 1) / block + 1 }
    }

    /// The location of the list of a compressed file's chunks, with their offsets and sizes.
    struct ChunkTable: Codable, Equatable {
        var offset: Int
        var count: Int
        /// The XXH3-64 of the list, which is read before the seal is verified.
        var checksum: String
    }

    var form: Form
    var length: Int
    var payloads: [Payload]
    /// The byte offset of the checksums of the chunks, followed by those of the payloads' blocks.
    var checksums: Int
    var chunks: ChunkTable?
    /// The SHA-256 of each dataset's uncompressed bytes.
    var digests: [String: Digest]
    /// The ``fingerprint(of:)`` of all sealed bytes, in hexadecimal.
    var seal = ""
    /// The byte ranges of the chunks, in order.
    var chunkRanges: [Range<Int>] = []

    enum CodingKeys: CodingKey { case form, length, payloads, checksums, chunks, digests, seal }

    static let firstLine = "fewshot features 1"
    /// The size of a piece of the sealed ranges with one checksum.
    static let piece = 1 << 20

    func page(_ path: String) throws(Fault) -> [UInt8] {
        let line = JSONDocument.line(self)
        let text = "\(Self.firstLine)\n\(line)\n\(hexadecimal(checksum(of: line)))\n"
        let space = HDF5File.userBlock - text.utf8.count
        guard space >= 0 else {
            throw .badData(
                path, found: "a seal of \(text.utf8.count) bytes", expected: "at most \(HDF5File.userBlock) bytes")
        }
        return Array(text.utf8) + [UInt8](repeating: 0, count: space)
    }

    /// The ranges that the seal does not cover, in order.
    private var openRanges: [Range<Int>] {
        let ranges = chunkRanges + payloads.map { $0.offset ..< $0.offset + $0.size }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// Computes the XXH3-64 over the XXH3-64 of all pieces except the first page, the payloads, and the chunks.
    func fingerprint(of bytes: RawSpan) throws(Fault) -> String {
        var pieces: [Range<Int>] = []
        var start = HDF5File.userBlock
        for open in openRanges + [length ..< length] {
            pieces += stride(from: start, to: open.lowerBound, by: Self.piece).map {
                $0 ..< min($0 + Self.piece, open.lowerBound)
            }
            start = open.upperBound
        }
        let sums = try pieceChecksums(pieces, in: bytes)
        return hexadecimal(unsafe Core.checksum(sums.span.bytes))
    }
}

extension Seal {
    /// Reads the first page and verifies the file, except for the payloads and chunks.
    ///
    /// - Throws: `badData` if a byte of the page or the sealed ranges is damaged.
    init(checking bytes: RawSpan, path: String) throws(Fault) {
        self = try Self.read(bytes, path: path)
        guard length == bytes.byteCount else {
            throw .badData(
                path, found: "\(bytes.byteCount) bytes", expected: "\(length) bytes",
                remedy: "build or copy the file again")
        }
        for payload in payloads where payload.block <= 0 || !isRange(payload.offset, payload.size) {
            throw .damaged(path, "an invalid byte range of \(payload.name)")
        }
        try readChunks(bytes, path)
        var end = HDF5File.userBlock
        for range in openRanges {
            guard range.lowerBound >= end else { throw .damaged(path, "overlapping byte ranges") }
            end = range.upperBound
        }
        guard try fingerprint(of: bytes) == seal else { throw .damaged(path, "damaged bytes outside of the features") }
    }

    /// Whether `size` bytes at `offset` are within the file and after the first page.
    private func isRange(_ offset: Int, _ size: Int) -> Bool {
        offset >= HDF5File.userBlock && offset <= length && size > 0 && size <= length - offset
    }

    /// Reads the list of chunks, which the seal does not cover.
    private mutating func readChunks(_ bytes: RawSpan, _ path: String) throws(Fault) {
        guard (form == .compressed) == (chunks != nil) else { throw .damaged(path, "a compressed file without chunks") }
        guard let chunks else { return }
        guard chunks.count > 0, chunks.count <= length / 16, isRange(chunks.offset, chunks.count * 16) else {
            throw .damaged(path, "an invalid list of chunks")
        }
        let list = bytes.extracting(chunks.offset ..< chunks.offset + chunks.count * 16)
        guard hexadecimal(Core.checksum(list)) == chunks.checksum else {
            throw .damaged(path, "a damaged list of chunks")
        }
        for index in 0 ..< chunks.count {
            let offset = unsafe Int(clamping: list.unsafeLoadUnaligned(fromByteOffset: index * 16, as: UInt64.self))
            let size = unsafe Int(clamping: list.unsafeLoadUnaligned(fromByteOffset: index * 16 + 8, as: UInt64.self))
            guard isRange(offset, size) else { throw .damaged(path, "a chunk outside of the file") }
            chunkRanges.append(offset ..< offset + size)
        }
    }

    private static func read(_ bytes: RawSpan, path: String) throws(Fault) -> Seal {
        let page: [UInt8] = bytes.extracting(0 ..< min(bytes.byteCount, HDF5File.userBlock)).array()
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
    static func damaged(_ path: String, _ found: String) -> Fault {
        .badData(
            path, found: found, expected: "an undamaged feature file", remedy: "build or copy the file again")
    }

    fileprivate static func notAFeatureFile(_ page: [UInt8], _ path: String) -> Fault {
        let isForeign = [0, 512, 1024, 2048].contains { page.dropFirst($0).starts(with: HDF5File.signature) }
        let content = FileContent(head: Array(page.prefix(FileContent.headLength)))?.name
        return .badData(
            path, found: isForeign ? "an HDF5 file of another program" : content ?? "not a feature file",
            expected: "a file that starts with '\(Seal.firstLine)'",
            remedy: "save its arrays as .npy or .safetensors and \(action: .importFeatures)")
    }
}

private func checksum(of text: String) -> UInt64 { unsafe Core.checksum(Array(text.utf8).span.bytes) }
