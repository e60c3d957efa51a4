/// A file format of images.
public enum ImageFormat: String, Sendable, Codable, CaseIterable {
    case jpeg, png, gif, bmp, webp, tiff, heic, avif, ppm

    /// The number of bytes from which a format can be detected.
    public static let signatureLength = 64

    /// Detects the format by the first bytes of a file, ``signatureLength`` of them if the file has as many.
    ///
    /// - Returns: nil if the bytes match none of the formats.
    public init?(firstBytes bytes: some Collection<UInt8>) {
        func starts(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
        if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if starts(Array("GIF87a".utf8)) || starts(Array("GIF89a".utf8)) {
            self = .gif
        } else if starts(Array("BM".utf8)) {
            self = .bmp
        } else if starts(Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            self = .webp
        } else if starts([0x49, 0x49, 0x2A, 0]) || starts([0x4D, 0x4D, 0, 0x2A]) {
            self = .tiff
        } else if let format = MediaBrands(bytes).imageFormat {
            self = format
        } else if PPMHeader.starts(bytes) {
            self = .ppm
        } else {
            return nil
        }
    }

    /// Derives the format from the suffix of a file name, ignoring case.
    public init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        let suffix = fileName[fileName.index(after: dot)...].lowercased()
        guard let format = Self.allCases.first(where: { $0.suffixes.contains(suffix) }) else { return nil }
        self = format
    }

    /// The suffixes of file names, the most common first.
    public var suffixes: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
        case .png, .gif, .webp: [rawValue]
        case .bmp: ["bmp", "dib"]
        case .tiff: ["tif", "tiff"]
        case .heic: ["heic", "heif", "hif"]
        case .avif: ["avif", "avifs"]
        case .ppm: ["ppm", "pgm", "pbm", "pnm"]
        }
    }

    /// The name of the format in messages, such as `JPEG`.
    public var title: String { self == .webp ? "WebP" : rawValue.uppercased() }

    /// The media type, as in HTTP.
    public var mediaType: String { self == .ppm ? "image/x-portable-anymap" : "image/\(rawValue)" }

    /// The names of all formats as a list that ends with `conjunction`: `JPEG, PNG, …, AVIF or PPM`.
    public static func titles(_ conjunction: String) -> String {
        let titles = allCases.map(\.title)
        return titles.dropLast().joined(separator: ", ") + " \(conjunction) " + titles[titles.count - 1]
    }
}

/// The brands of a media file, by which HEIC, AVIF and videos differ.
struct MediaBrands {
    /// The first brand and those that the file is compatible with; empty for other files.
    private var all: [String] = []

    init(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(ImageFormat.signatureLength))
        guard bytes.count >= 12, bytes[4 ..< 8].elementsEqual("ftyp".utf8) else { return }
        let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        // The four bytes after the first brand are its version.
        for start in [8] + Array(stride(from: 16, through: min(length, bytes.count) - 4, by: 4)) {
            all.append(String(decoding: bytes[start ..< start + 4], as: UTF8.self))
        }
    }

    /// The format of an image; nil for videos and other media.
    var imageFormat: ImageFormat? {
        guard let first = all.first else { return nil }
        if ["avif", "avis"].contains(first) { return .avif }
        if Self.heic.contains(first) { return .heic }
        // The brands of the container say nothing about the codec.
        guard ["mif1", "msf1", "mif2"].contains(first) else { return nil }
        return all.contains("avif") || all.contains("avis") ? .avif : .heic
    }

    private static let heic: Set<String> = ["heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs"]

    /// The brand of a file that is no image of a known kind; nil for other files.
    var otherBrand: String? { imageFormat == nil ? all.first : nil }
}
