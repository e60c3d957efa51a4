/// A table of class names with a header, such as `id,name`.
struct NameTable {
    /// The names with the labels and identifiers of the table.
    let rows: NumberedRows

    private static let nameWords = [
        "name", "names", "class_name", "class_names", "classname", "label_name", "category_name", "class", "classes",
        "category", "label", "labels", "title", "species",
    ]
    private static let keyWords = ["wnid", "synset", "synset_id", "folder", "folder_name", "key"]

    /// Reads `lines`; nil if the first line is not a header.
    ///
    /// The labels are in the first column of different whole numbers, and the names in the first other column that is
    /// named as such. A single column needs no more than a header.
    init?(_ lines: [String]) {
        let lines = lines.filter { !$0.isEmpty }
        guard let first = lines.first, lines.count > 1 else { return nil }
        for separator in ["\t", ";", ","] as [Unicode.Scalar] {
            let header = Self.fields(first, separator).map(Self.word)
            let table = lines.dropFirst().map { Self.fields($0, separator) }
            guard header.count > 1, header.contains(where: Self.nameWords.contains),
                table.allSatisfy({ $0.count == header.count }),
                let rows = Self.rows(header, table)
            else { continue }
            self.rows = rows
            return
        }
        guard Self.nameWords.contains(Self.word(first.unquoted)) else { return nil }
        rows = NumberedRows(lines.dropFirst().map(\.unquoted))
    }

    private static func rows(_ header: [String], _ table: [[String]]) -> NumberedRows? {
        let columns = header.indices.map { column in table.map { $0[column] } }
        let numbers = columns.firstIndex { values in
            values.allSatisfy { Int($0) != nil } && Set(values).count == values.count
        }
        let name = nameWords.lazy.compactMap { word in
            header.indices.first { header[$0] == word && $0 != numbers }
        }.first
        guard let name else { return nil }
        let key = header.firstIndex { keyWords.contains($0) && $0 != header[name] }
        return NumberedRows(
            names: columns[name], numbers: numbers.map { columns[$0].compactMap { Int($0) } },
            keys: key.map { columns[$0] })
    }

    private static func fields(_ line: String, _ separator: Unicode.Scalar) -> [String] {
        DelimitedLine.fields(line, separator: separator).map(\.trimmed)
    }

    private static func word(_ header: String) -> String {
        header.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
    }
}
