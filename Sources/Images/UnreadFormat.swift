/// A format of images or videos that is recognized, but not read.
public struct UnreadFormat: Sendable, Hashable {
    /// The name of the format, such as `JPEG XL`.
    public let title: String
    /// Whether the format is one of videos.
    public let isVideo: Bool
    private let article: String
    private let suffixes: [String]

    private init(_ article: String, _ title: String, _ suffixes: String, isVideo: Bool = false) {
        self.article = article
        self.title = title
        self.suffixes = suffixes.split(separator: " ").map(String.init)
        self.isVideo = isVideo
    }

    /// Derives the format from the suffix of a file name, ignoring case.
    public init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        let suffix = fileName[fileName.index(after: dot)...].lowercased()
        guard let format = Self.all.first(where: { $0.suffixes.contains(suffix) }) else { return nil }
        self = format
    }

    /// Detects the format by the first bytes of a file.
    public init?(firstBytes bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(512))
        guard let format = Self.ofText(bytes) ?? Self.ofBrand(bytes) ?? Self.ofSignature(bytes) else { return nil }
        self = format
    }

    /// The kind of `count` files, such as `JPEG XL images`.
    public func words(_ count: Int) -> String { "\(title) \(isVideo ? "video" : "image")\(count == 1 ? "" : "s")" }

    /// The kind of file with its article: `a JPEG XL image`.
    var description: String { "\(article) \(words(1))" }

    static let raw = UnreadFormat(
        "a", "RAW", "cr2 cr3 crw nef nrw arw srf sr2 dng orf rw2 raf pef srw x3f 3fr iiq erf kdc dcr mrw raw rwl")
    private static let psd = UnreadFormat("a", "PSD", "psd psb")
    private static let svg = UnreadFormat("an", "SVG", "svg svgz")
    private static let jxl = UnreadFormat("a", "JPEG XL", "jxl")
    private static let jp2 = UnreadFormat("a", "JPEG 2000", "jp2 j2k jpf jpx jpm j2c jpc")
    private static let jxr = UnreadFormat("a", "JPEG XR", "jxr wdp hdp")
    private static let dicom = UnreadFormat("a", "DICOM", "dcm dicom")
    private static let exr = UnreadFormat("an", "OpenEXR", "exr")
    private static let eps = UnreadFormat("an", "EPS", "eps epsf")
    private static let icon = UnreadFormat("an", "ICO", "ico cur")
    private static let dds = UnreadFormat("a", "DDS", "dds")
    private static let qoi = UnreadFormat("a", "QOI", "qoi")
    private static let xcf = UnreadFormat("an", "XCF", "xcf")
    private static let pfm = UnreadFormat("a", "PFM", "pfm")
    private static let pam = UnreadFormat("a", "PAM", "pam")
    private static let bigTIFF = UnreadFormat("a", "BigTIFF", "btf tf8")
    private static let quickTime = UnreadFormat("a", "QuickTime", "mov qt", isVideo: true)
    private static let mp4 = UnreadFormat("an", "MP4", "mp4 m4v", isVideo: true)
    private static let threeGP = UnreadFormat("a", "3GP", "3gp 3g2", isVideo: true)
    private static let avi = UnreadFormat("an", "AVI", "avi", isVideo: true)
    private static let matroska = UnreadFormat("a", "Matroska", "mkv", isVideo: true)
    private static let webM = UnreadFormat("a", "WebM", "webm", isVideo: true)
    private static let mpeg = UnreadFormat("an", "MPEG", "mpg mpeg m2v mts m2ts", isVideo: true)
    private static let wmv = UnreadFormat("a", "WMV", "wmv asf", isVideo: true)
    private static let flash = UnreadFormat("an", "FLV", "flv", isVideo: true)
    private static let ogg = UnreadFormat("an", "Ogg", "ogv", isVideo: true)

    private static let all = [
        raw, psd, svg, jxl, jp2, jxr, dicom, exr, eps, icon, dds, qoi, xcf, pfm, pam, bigTIFF,
        UnreadFormat("a", "TGA", "tga"), UnreadFormat("a", "PCX", "pcx"), UnreadFormat("a", "NIfTI", "nii"),
        UnreadFormat("an", "ICNS", "icns"), quickTime, mp4, threeGP, avi, matroska, webM, mpeg, wmv, flash, ogg,
    ]

    private static func ofText(_ bytes: [UInt8]) -> UnreadFormat? {
        let text = String(decoding: bytes, as: UTF8.self)
        let start = text.lowercased().drop { $0.isWhitespace || $0 == "\u{feff}" }
        if start.hasPrefix("<svg") || (start.hasPrefix("<?xml") && start.contains("<svg")) { return svg }
        if text.hasPrefix("%!PS-Adobe") && text.contains("EPSF") { return eps }
        return nil
    }

    /// The format of a file of the family of MP4.
    private static func ofBrand(_ bytes: [UInt8]) -> UnreadFormat? {
        // Old QuickTime files have no brand.
        if ["moov", "mdat", "wide"].contains(where: { bytes.dropFirst(4).starts(with: $0.utf8) }) { return quickTime }
        guard let brand = MediaBrands(bytes).otherBrand else { return nil }
        switch brand {
        case "crx ": return raw
        case "qt  ": return quickTime
        case _ where brand.hasPrefix("3g"): return threeGP
        case _ where brand.hasPrefix("iso") || brand.hasPrefix("mp4") || brand.hasPrefix("M4V"): return mp4
        case "avc1", "dash", "MSNV", "XAVC", "f4v ": return mp4
        default: return nil
        }
    }

    private static func ofSignature(_ bytes: [UInt8]) -> UnreadFormat? {
        func holds(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        for (signature, format) in signatures where bytes.starts(with: signature) { return format }
        if holds("FUJIFILM") { return raw }
        // A TIFF by its first bytes.
        if holds("CR\u{2}", at: 8) && (holds("II") || holds("MM")) { return raw }
        if holds("RIFF") && holds("AVI ", at: 8) { return avi }
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            return String(decoding: bytes.prefix(64), as: UTF8.self).contains("webm") ? webM : matroska
        }
        return holds("DICM", at: 128) ? dicom : nil
    }

    private static let signatures: [([UInt8], UnreadFormat)] = [
        (Array("8BPS".utf8), psd), ([0xFF, 0x0A], jxl), ([0, 0, 0, 12] + "JXL ".utf8, jxl),
        ([0, 0, 0, 12] + "jP  ".utf8, jp2), ([0xFF, 0x4F, 0xFF, 0x51], jp2), ([0x49, 0x49, 0xBC], jxr),
        ([0x76, 0x2F, 0x31, 1], exr), ([0, 0, 1, 0], icon), (Array("DDS ".utf8), dds), (Array("qoif".utf8), qoi),
        (Array("gimp xcf".utf8), xcf), (Array("Pf\n".utf8), pfm), (Array("PF\n".utf8), pfm),
        (Array("P7\n".utf8), pam), ([0x49, 0x49, 0x2B, 0], bigTIFF), ([0x4D, 0x4D, 0, 0x2B], bigTIFF),
        (Array("IIRO".utf8), raw), (Array("IIRS".utf8), raw), (Array("MMOR".utf8), raw), (Array("IIU\0".utf8), raw),
        ([0, 0, 1, 0xBA], mpeg), ([0, 0, 1, 0xB3], mpeg), (Array("FLV\u{1}".utf8), flash),
        ([0x30, 0x26, 0xB2, 0x75], wmv), (Array("OggS".utf8), ogg),
    ]
}
