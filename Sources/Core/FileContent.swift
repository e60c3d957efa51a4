/// The kind of a file's content, as its first bytes show.
package struct FileContent: Equatable, Sendable {
    /// The kind with its article, such as `an HTML page`.
    package let name: String
    /// The remedy for content that stands in the place of data, after an incomplete clone or a failed download; nil for
    /// data of some format.
    package let remedy: Remedy?

    /// The number of bytes at the start of a file that suffices.
    package static let headLength = 512

    private init(_ name: String, remedy: Remedy? = nil) {
        self.name = name
        self.remedy = remedy
    }

    /// Recognizes the content that starts with `bytes`; nil for an unknown kind.
    package init?(head bytes: [UInt8]) {
        guard let found = Self.placeholder(bytes) ?? Self.format(bytes) else { return nil }
        self = found
    }

    /// Recognizes the content of a whole file; nil for an unknown kind.
    package init?(_ bytes: borrowing Span<UInt8>) { self.init(head: Self.head(of: bytes)) }

    private static func head(of bytes: borrowing Span<UInt8>) -> [UInt8] {
        var head: [UInt8] = []
        // The answers of servers are whole files, so one byte more shows that a file goes on.
        for index in 0 ..< min(headLength + 1, bytes.count) { head.append(bytes[index]) }
        return head
    }

    /// Recognizes content that stands in the place of data; nil for any other.
    package static func placeholder(_ head: [UInt8]) -> Self? {
        let text = String(decoding: head, as: UTF8.self)
        let start = text.drop { $0.isWhitespace || $0 == "\u{feff}" }.lowercased()
        if pointerStarts.contains(where: start.hasPrefix) {
            return Self(
                "a Git LFS pointer instead of the file",
                remedy: "run 'git lfs pull' in its repository, or download the file itself")
        }
        if start.hasPrefix("/annex/objects/") {
            return Self(
                "a git-annex pointer instead of the file",
                remedy: "run 'git annex get' in its repository, or download the file itself")
        }
        if pageStarts.contains(where: start.hasPrefix) {
            return Self(
                "an HTML page", remedy: "download the file again; its address gave a page, such as a login or a warning"
            )
        }
        guard let message = serverMessage(text, start) else { return nil }
        return Self(message, remedy: "download the file again from an address that gives it")
    }

    private static let pointerStarts = [
        "version https://git-lfs.github.com/spec/", "version https://hawser.github.com/",
    ]
    private static let pageStarts = ["<!doctype html", "<html", "<head>", "<head ", "<script"]
    /// The whole answers of GitHub and Hugging Face for a file that is missing or not public.
    private static let answers = [
        "404: Not Found", "Not Found", "Entry not found", "Repository not found", "Invalid username or password.",
        "Access Denied",
    ]

    /// The message of a server, such as the XML of a bucket.
    private static func serverMessage(_ text: String, _ start: String) -> String? {
        if start.hasPrefix("<error>") || (start.hasPrefix("<?xml") && start.contains("<error>")) {
            let code = text.split(separator: "<Code>", maxSplits: 1).dropFirst().first?.prefix { $0 != "<" }
            return "the error message of a server" + (code.map { " (\($0.prefix(60)))" } ?? "")
        }
        let line = text.split(whereSeparator: \.isNewline)
        guard line.count == 1, text.utf8.count <= headLength, let answer = line.first,
            answers.contains(String(answer))
        else { return nil }
        return "the error message of a server ('\(answer)')"
    }

    /// Recognizes a file format.
    private static func format(_ head: [UInt8]) -> Self? {
        guard !head.isEmpty else { return nil }
        if head.allSatisfy({ $0 == 0 }) { return Self("only zero bytes") }
        for (signature, name) in signatures where head.starts(with: signature) { return Self(name) }
        if head.dropFirst(257).starts(with: "ustar".utf8) { return Self("a tar archive") }
        if head.count > 8, head[8] == UInt8(ascii: "{"), head[5 ..< 8].allSatisfy({ $0 == 0 }) {
            return Self("a .safetensors file")
        }
        if head[0] == 0x80, head.count > 1, (2 ... 5).contains(head[1]) { return Self("a pickle of Python") }
        return nil
    }

    private static let signatures: [(bytes: [UInt8], name: String)] = [
        ([0x50, 0x4B, 3, 4], "a zip archive"), ([0x50, 0x4B, 5, 6], "an empty zip archive"),
        ([0x1F, 0x8B], "gzip-compressed data"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd-compressed data"),
        (Array("BZh".utf8), "bzip2-compressed data"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz-compressed data"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"), (Array("Rar!".utf8), "a RAR archive"),
        (Array("PAR1".utf8), "a Parquet table"), ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A], "an HDF5 file"),
        ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array (.npy)"), ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"), (Array("%PDF".utf8), "a PDF document"),
        (Array("SQLite format 3".utf8), "an SQLite database"), (Array("GGUF".utf8), "a GGUF file"),
    ]
}

extension FileContent {
    /// Refuses content that stands in the place of data.
    ///
    /// - Throws: `badData` naming `path`.
    static func requireData(_ bytes: borrowing Span<UInt8>, path: String) throws(Fault) {
        // Such content is text that starts with one of few letters; most data is recognized by its first byte.
        guard bytes.count > 0, bytes[0] <= UInt8(ascii: "v") || bytes[0] == 0xEF else { return }
        guard let found = placeholder(head(of: bytes)), let remedy = found.remedy else { return }
        throw .badData(path, found: found.name, expected: "the data itself", remedy: remedy)
    }
}

extension OpenFile {
    /// Refuses content that stands in the place of data.
    ///
    /// - Throws: `badData`, or `inputOutput` if reading fails.
    package borrowing func requireData() throws(Fault) {
        let head = try read(FileContent.headLength + 1, at: 0)
        try FileContent.requireData(head.span, path: path)
    }
}

extension Fault {
    /// The refusal of a file that does not start like one of the expected kind: names the kind of its content.
    ///
    /// `found` describes a file of an unknown kind.
    package static func otherContent(
        _ path: String, _ bytes: borrowing Span<UInt8>, found: String, expected: String, remedy: Remedy
    ) -> Fault {
        .badData(path, found: FileContent(bytes)?.name ?? found, expected: expected, remedy: remedy)
    }
}
