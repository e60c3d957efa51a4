/// A text file as people, editors and spreadsheets save it, as UTF-8.
///
/// The encodings are UTF-8 with or without a byte order mark, and UTF-16 and UTF-32 with one. UTF-16 without a mark is
/// recognized by the zero byte of its first character. Zero bytes and Ctrl-Z at the end are left out. Other encodings
/// cannot be told apart and are an error.
package struct TextFile: ~Copyable {
    private let file: MappedFile
    /// The text in UTF-8, if the file has another encoding.
    private let converted: [UInt8]
    private let isConverted: Bool
    /// The text without byte order mark and padding.
    private let range: Range<Int>

    /// Maps the file at `path`; UTF-16 and UTF-32 are converted.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is empty, or for invalid UTF-16 or UTF-32.
    package init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        let stored = Span<UInt8>(_bytes: file.bytes)
        let encoding = TextEncoding(of: stored)
        converted = try encoding.converted(stored, path: path)
        isConverted = encoding.width > 1
        let start = isConverted ? 0 : encoding.mark
        var end = isConverted ? converted.count : stored.count
        while end > start, [0, 0x1A].contains(isConverted ? converted[end - 1] : stored[end - 1]) { end -= 1 }
        range = start ..< end
        self.file = file
    }

    /// The path that was opened.
    package var path: String { file.path }

    /// The SHA-256 of the file as it is stored.
    package var digest: Digest { Digest(of: file.bytes) }

    /// The text in UTF-8, which ``validate()`` checks.
    package var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get {
            unsafe isConverted ? converted.span.bytes.extracting(range) : file.bytes.extracting(range)
        }
    }

    /// The text in UTF-8, which ``validate()`` checks.
    package var utf8: Span<UInt8> { @_lifetime(borrow self) borrowing get { Span(_bytes: bytes) } }

    /// The size of ``utf8`` in bytes.
    package var byteCount: Int { range.count }

    /// The number of bytes from the start of ``utf8`` that may be read, which may be more than the text has.
    package var readableCount: Int {
        isConverted ? range.count : (file.byteCount + 4095) / 4096 * 4096 - range.lowerBound
    }

    /// Checks that the text is UTF-8.
    ///
    /// - Throws: `badData` with the line of the first other byte.
    package borrowing func validate() throws(Fault) { _ = try string() }

    /// Returns the text.
    ///
    /// - Throws: `badData` with the line of the first byte that is not UTF-8.
    package borrowing func string() throws(Fault) -> String {
        let text = utf8
        let offset: Int
        do throws(UTF8.ValidationError) { return String(copying: try UTF8Span(validating: text)) } catch {
            offset = error.byteOffsets.lowerBound
        }
        if let content = FileContent(text) {
            throw .badData(
                path, found: content.name, expected: "text in UTF-8 or UTF-16", remedy: "name the text file itself")
        }
        let line = (0 ..< offset).count { text[$0] == UInt8(ascii: "\n") } + 1
        let guess = Self.westernWord(in: text, around: offset).map { ", which is '\($0)' in Windows-1252" } ?? ""
        throw .badData(
            path, found: "invalid UTF-8 on line \(line)\(guess)", expected: "text in UTF-8 or UTF-16",
            remedy: "save the file as UTF-8, or convert it, for example with 'iconv -f windows-1252 -t utf-8'")
    }

    /// The word around the byte at `offset` if the text is in Windows-1252; nil if it cannot be.
    private static func westernWord(in text: Span<UInt8>, around offset: Int) -> String? {
        let ends = Set(" ,;\t\r\n\"'/".utf8)
        var start = offset
        while start > 0, offset - start < 30, !ends.contains(text[start - 1]) { start -= 1 }
        var end = offset
        while end < text.count, end - offset < 30, !ends.contains(text[end]) { end += 1 }
        return String(windows1252: (start ..< end).map { text[$0] })
    }
}

/// The encoding of a text, and the size of the byte order mark before it.
private struct TextEncoding {
    /// The size of a unit in bytes: 1, 2 or 4.
    let width: Int
    let isBigEndian: Bool
    let mark: Int

    init(of text: Span<UInt8>) {
        let first = (0 ..< min(4, text.count)).map { text[$0] }
        let marks: [(bytes: [UInt8], width: Int, isBigEndian: Bool)] = [
            ([0xEF, 0xBB, 0xBF], 1, false), ([0xFF, 0xFE, 0, 0], 4, false), ([0, 0, 0xFE, 0xFF], 4, true),
            ([0xFF, 0xFE], 2, false), ([0xFE, 0xFF], 2, true),
        ]
        if let known = marks.first(where: { first.starts(with: $0.bytes) }) {
            width = known.width
            isBigEndian = known.isBigEndian
            mark = known.bytes.count
        } else {
            // No text starts with a zero character, and few with one beyond U+00FF.
            let isWide = first.count > 1 && (first[0] == 0) != (first[1] == 0)
            width = isWide ? 2 : 1
            isBigEndian = isWide && first[0] == 0
            mark = 0
        }
    }

    /// Returns UTF-16 or UTF-32 as UTF-8; empty for text that is UTF-8 already.
    func converted(_ text: Span<UInt8>, path: String) throws(Fault) -> [UInt8] {
        guard width > 1 else { return [] }
        let string =
            (text.count - mark) % width != 0
            ? nil
            : width == 2
                ? String(validating: units(text) as [UInt16], as: UTF16.self)
                : String(validating: units(text) as [UInt32], as: UTF32.self)
        guard let string else {
            throw .badData(
                path, found: "invalid UTF-\(width * 8)", expected: "text in UTF-8 or UTF-16",
                remedy: "save the file as UTF-8")
        }
        return Array(string.utf8)
    }

    private func units<Unit: FixedWidthInteger & UnsignedInteger>(_ text: Span<UInt8>) -> [Unit] {
        stride(from: mark, to: text.count, by: width).map { start in
            (0 ..< width).reduce(into: Unit(0)) { unit, byte in
                let shift = 8 * (isBigEndian ? width - 1 - byte : byte)
                unit |= Unit(text[start + byte]) << shift
            }
        }
    }
}
