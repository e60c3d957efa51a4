package import Core

extension ParquetFile {
    private static let usualNames = [
        "image", "img", "picture", "photo", "jpg", "jpeg", "png", "webp", "bytes", "image_bytes",
    ]

    /// The columns that may hold images: columns of bytes, and the field `bytes` of Hugging Face's images.
    package var binaryColumns: [ParquetColumn] { columns.filter { $0.isBinary && !$0.isRepeated } }

    /// Returns the image column called `name`, or the only candidate if no name is given.
    ///
    /// - Throws: `badData` if there is no such column, or several candidates.
    package func imageColumn(named name: String? = nil) throws(Fault) -> ParquetColumn {
        let found = imageColumns(named: name)
        if found.count == 1 { return found[0] }
        if let name, let column = columns.first(where: { $0.holderName == name || $0.path[0] == name }) {
            throw .badData(
                path, found: "\(column.isRepeated ? "lists" : "no bytes") in column '\(column.name)'",
                expected: "one image per row", remedy: "select another column with \(option: "image_column")")
        }
        let names = binaryColumns.map { "'\($0.holderName)'" }.joined(separator: ", ")
        guard found.isEmpty else {
            throw .badData(
                path, found: "\(found.count) columns that may be images: \(names)", expected: "one",
                remedy: "select one with \(option: "image_column")")
        }
        throw .badData(
            path,
            found: "the columns \(columns.prefix(20).map { "'\($0.name)'" }.joined(separator: ", "))",
            expected: name.map { "one called '\($0)' with an image's bytes" } ?? "one with images' bytes",
            remedy: "check what is in the file")
    }

    /// Returns the candidates of ``imageColumn(named:)``.
    package func imageColumns(named name: String? = nil) -> [ParquetColumn] {
        let all = binaryColumns
        if let name { return all.filter { $0.holderName == name } }
        let known = features?.images ?? []
        let preferred = [
            all.filter { known.contains($0.holderName) },
            all.filter { $0.holderName != $0.name },
            all.filter { Self.usualNames.contains($0.name.lowercased()) },
        ].first { !$0.isEmpty }
        return preferred ?? all
    }
}

extension ParquetColumn {
    /// The name of the column as users see it: `image` for `image.bytes`.
    package var holderName: String {
        path.count > 1 && ["bytes", "path"].contains(path[path.count - 1])
            ? path.dropLast().joined(separator: ".") : name
    }
}
