internal import Artifacts
internal import Foundation

/// What the first page of a feature file says about the rest of it, so that nothing damaged is ever interpreted.
///
/// The page holds three lines, then NUL bytes: ``firstLine``; this value as JSON; the XXH3-64 of that JSON line.
struct Seal: Codable, Equatable {
    /// Whether the features can be mapped or must be decompressed.
    enum Form: String, Codable { case hot, packed }

    /// Bytes that the seal leaves out, because they are checked block by block when they are touched.
    struct Payload: Codable, Equatable {
        var name: String
        var offset: Int
        var size: Int
        /// Bytes a checksum covers: a whole number of rows.
        var block: Int

        var blockCount: Int { (size - 1) / block + 1 }
    }

    var form: Form
    /// Bytes of the whole file.
    var length: Int
    /// In order of their offsets; none in a packed file, which is sealed as a whole.
    var payloads: [Payload]
    /// Where the checksums of the payloads' blocks are, in order.
    var checksums: Int?
    /// Where the first chunk of a packed file is.
    var chunks: Int?
    /// SHA-256 of each dataset's bytes, unpacked.
    var digests: [String: Digest]
    /// ``fingerprint(of:)`` of all other bytes, in hexadecimal.
    var seal = ""

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

    /// The ranges that the seal covers: all but the first page and the payloads.
    var sealedRanges: [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = HDF5File.userBlock
        for payload in payloads {
            if start < payload.offset { ranges.append(start ..< payload.offset) }
            start = payload.offset + payload.size
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
        return hexadecimal(unsafe Artifacts.checksum(sums.span.bytes))
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
        var end = HDF5File.userBlock
        for payload in payloads {
            let (stop, overflow) = payload.offset.addingReportingOverflow(payload.size)
            guard payload.offset >= end, payload.size > 0, payload.block > 0, !overflow, stop <= length else {
                throw .damaged(path, "an impossible range for \(payload.name)")
            }
            end = stop
        }
        guard try fingerprint(of: bytes) == seal else { throw .damaged(path, "damaged bytes outside the features") }
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
            remedy: "save its arrays as .npy or .safetensors and run 'fewshot-features import'")
    }
}

/// The checksum of a text's UTF-8 bytes.
private func checksum(of text: String) -> UInt64 { unsafe Artifacts.checksum(Array(text.utf8).span.bytes) }

/// Sixteen lowercase hexadecimal digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
