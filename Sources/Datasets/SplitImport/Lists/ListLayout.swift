internal import Core
internal import Images

/// The way in which the rows of a list are divided into fields.
enum ListLayout: Equatable {
    /// A character between fields, and the number of lines above the table that name it.
    case separated(by: UInt8, skipping: Int)
    /// A path, a space and a label per line.
    case spaced

    /// Determines the layout of the list at `path`.
    ///
    /// Excel's first line `sep=;` decides, then the suffix of a TSV file, then the separator that gives the most column
    /// names or image paths in the first lines. Without any separator, fields are separated by spaces.
    init(of text: Span<UInt8>, path: String) {
        let lines = Self.firstLines(of: text)
        let first = lines.first ?? ""
        if first.lowercased().hasPrefix("sep="), first.utf8.count == 5, let separator = first.utf8.last {
            self = .separated(by: separator, skipping: 1)
            return
        }
        let suffix = path.lowercased()
        if suffix.hasSuffix(".tsv") || suffix.hasSuffix(".tab") {
            self = .separated(by: UInt8(ascii: "\t"), skipping: 0)
            return
        }
        let separators = [",", "\t", ";"] as [Unicode.Scalar]
        let present = separators.filter(first.unicodeScalars.contains)
        let scores = present.map { Self.score(lines, $0) }
        let best = scores.max() ?? 0
        if let index = scores.firstIndex(of: best), best > 0 || SpacedRow.areRows(lines) == false {
            self = .separated(by: UInt8(ascii: present[index]), skipping: 0)
        } else {
            self = SpacedRow.areRows(lines) ? .spaced : .separated(by: UInt8(ascii: ","), skipping: 0)
        }
    }

    /// The number of column names in the first line, or else 1 if it has the path of an image; 0 if the separator
    /// occurs by chance.
    private static func score(_ lines: [String], _ separator: Unicode.Scalar) -> Int {
        let rows = lines.prefix(20).map { DelimitedLine.fields($0, separator: separator).map(\.trimmed) }
        let header = rows[0].count { name in
            [ColumnRole.path, .label, .subset].contains { !$0.allMatches(in: [name]).isEmpty }
        }
        if header > 0 { return header + 1 }
        let isTable = rows.allSatisfy { $0.count == rows[0].count }
        return isTable && rows[0].contains { ImageFormat(fileName: $0) != nil } ? 1 : 0
    }

    /// The lines at the start of `text` that are not blank: up to a hundred, from up to 64 KiB.
    private static func firstLines(of text: Span<UInt8>) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        var end = 0
        while end < min(text.count, 1 << 16), lines.count < 100 {
            let byte = text[end]
            end += 1
            guard byte == 10 || byte == 13 else {
                line.append(byte)
                continue
            }
            lines.append(String(decoding: line, as: UTF8.self))
            line = []
        }
        if end == text.count { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines.filter { !$0.trimmed.isEmpty }
    }
}

/// One line of a list with spaces between path and label.
struct SpacedRow {
    let path: Substring
    let label: Substring

    /// Divides `line` after the last suffix of an image before a space, or else before a whole number at the end.
    init?(_ line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count > 1, let last = words.last else { return nil }
        let image = words.indices.dropLast().last { ImageFormat(fileName: String(words[$0])) != nil }
        if let image {
            path = line[..<words[image].endIndex]
            label = line[words[image + 1].startIndex ..< last.endIndex]
        } else {
            guard Int(last) != nil else { return nil }
            path = line[..<words[words.count - 2].endIndex]
            label = last
        }
    }

    /// Whether the label has several columns of numbers, as lists of attributes or boxes have.
    var hasFurtherColumns: Bool {
        let words = label.split(separator: " ")
        return words.count > 1 && Double(words[0]) != nil
            || ImageFormat(fileName: String(path)) == nil && path.split(separator: " ").last.flatMap { Int($0) } != nil
    }

    /// Whether all `lines` but a header have a path, a space and one label.
    static func areRows(_ lines: [String]) -> Bool {
        let items = isHeader(lines.first ?? "") ? lines.dropFirst() : lines[...]
        return !items.isEmpty && items.allSatisfy { SpacedRow(Substring($0.trimmed)) != nil }
    }

    /// Whether `line` has the names of the columns of path and label.
    static func isHeader(_ line: String) -> Bool {
        let words = line.split(separator: " ").map(String.init)
        return words.count == 2 && !ColumnRole.path.allMatches(in: [words[0]]).isEmpty
            && !ColumnRole.label.allMatches(in: [words[1]]).isEmpty
    }
}
