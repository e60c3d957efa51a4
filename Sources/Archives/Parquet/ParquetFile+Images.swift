package import Core
internal import FoundationEssentials

extension ParquetFile {
    private static let usualNames = [
        "image", "img", "picture", "photo", "jpg", "jpeg", "png", "webp", "bytes", "image_bytes",
    ]

    /// The columns that may hold images: columns of bytes, and the field `bytes` of Hugging Face's images.
    package var binaryColumns: [ParquetColumn] {
        columns.filter { [.bytes, .fixedBytes].contains($0.storage) && !$0.isText && !$0.isRepeated }
    }

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
        if let name { return binaryColumns.filter { $0.holderName == name } }
        let preferences: [(ParquetColumn) -> Bool] = [
            { features?.images.contains($0.holderName) ?? false }, { $0.holderName != $0.name },
            { Self.usualNames.contains($0.name.lowercased()) },
        ]
        return preferences.map { binaryColumns.filter($0) }.first { !$0.isEmpty } ?? binaryColumns
    }
}

extension ParquetColumn {
    /// The name of the column as users see it: `image` for `image.bytes`.
    package var holderName: String {
        path.count > 1 && ["bytes", "path"].contains(path[path.count - 1])
            ? path.dropLast().joined(separator: ".") : name
    }
}

/// The column types that Hugging Face's `datasets` stores in a Parquet file under the key `huggingface`.
package struct HuggingFaceFeatures: Sendable, Equatable {
    /// The names of image columns.
    package private(set) var images: Set<String> = []
    /// The class names of each column of class indices.
    package private(set) var classNames: [String: [String]] = [:]

    /// Decodes a file's metadata; nil if it has no such entry.
    init?(_ metadata: [String: String]) {
        guard let text = metadata["huggingface"],
            let document = try? JSONDecoder().decode(Document.self, from: Data(text.utf8))
        else { return nil }
        for (column, feature) in document.info.features {
            switch feature.type {
            case "Image": images.insert(column)
            case "ClassLabel": if let names = feature.names { classNames[column] = names }
            default: break
            }
        }
    }

    private struct Document: Decodable {
        struct Info: Decodable { let features: [String: Feature] }

        let info: Info
    }

    /// A column type; other types than those of images and class indices have other members, or are lists.
    private struct Feature: Decodable {
        private(set) var type: String?
        private(set) var names: [String]?

        private enum CodingKeys: String, CodingKey {
            case type = "_type"
            case names
        }

        init(from decoder: any Decoder) throws {
            guard let members = try? decoder.container(keyedBy: CodingKeys.self) else { return }
            type = try? members.decode(String.self, forKey: .type)
            names = try? members.decode([String].self, forKey: .names)
        }
    }
}
