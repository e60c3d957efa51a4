internal import Core

/// The names of a table's columns; nil stands for the common names.
public struct ColumnNames: Sendable {
    /// The column of encoded images; nil for the only such column.
    public var image: String?
    /// The column of image paths.
    public var path: String?
    /// The column of labels.
    public var label: String?
    /// The column of subsets.
    public var subset: String?

    /// The given names.
    public init(path: String? = nil, label: String? = nil, subset: String? = nil) {
        self.path = path
        self.label = label
        self.subset = subset
    }
}

/// The meaning of a column.
struct ColumnRole {
    /// The word for the role in messages, and in the name of the option that chooses a column.
    let word: String
    private let commonNames: [String]
    /// Names that count if a table has none of the common ones.
    private let rareNames: [String]

    static let path = ColumnRole(
        word: "path", commonNames: ["path", "filepath", "image", "file_name", "filename"],
        rareNames: [
            "file", "file_path", "files", "filepaths", "filenames", "image_path", "imagepath", "image_file",
            "image_name", "imagename", "image_filename", "image_index", "image_id", "images", "img", "img_path",
            "img_name", "img_file", "impath", "im_path", "paths", "imageid", "id", "isic_id", "image_names",
        ])
    static let label = ColumnRole(
        word: "label", commonNames: ["label", "class", "classname", "category"],
        rareNames: [
            "class_name", "label_name", "category_name", "target_name", "labels", "classes", "categories", "target",
            "targets", "class_label", "class_id", "classid", "label_id", "category_id", "class_index", "class_idx",
            "label_index", "label_idx", "target_id", "choice", "species", "breed", "finding_labels", "ground_truth",
            "gt", "y",
        ])
    static let subset = ColumnRole(
        word: "split", commonNames: ["split", "part", "subset"],
        rareNames: ["set", "fold", "phase", "usage", "data_split", "dataset_split", "split_name", "partition"])

    func isCommon(_ name: String) -> Bool { commonNames.contains(Self.plain(name)) }

    private func isRare(_ name: String) -> Bool { rareNames.contains(Self.plain(name)) }

    /// Returns `name` in lower case, with underscores between words.
    private static func plain(_ name: String) -> String {
        name.trimmed.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
    }

    /// The indices of the columns named `name`, or if that is nil, of those with a common name of the role, or else
    /// with a rare one.
    func matches(in columns: [String], named name: String?) -> [Int] {
        if let name { return columns.indices.filter { columns[$0] == name } }
        let common = columns.indices.filter { isCommon(columns[$0]) }
        return common.isEmpty ? columns.indices.filter { isRare(columns[$0]) } : common
    }

    /// The indices of the columns with a common or a rare name of the role.
    func allMatches(in columns: [String]) -> [Int] {
        columns.indices.filter { isCommon(columns[$0]) || isRare(columns[$0]) }
    }

    /// The error that the table `file` has several matching columns or, of all its columns, none named `name`.
    func fault(_ file: String, named name: String?, matches: [String], among columns: [String]) -> Fault {
        func list(_ names: [String]) -> String { names.prefix(20).map { "'\($0)'" }.joined(separator: ", ") }
        let option = OptionName("\(word)_column")
        guard matches.isEmpty else {
            return .badData(
                file, found: "\(matches.count) columns for the \(word): \(list(matches))", expected: "one column",
                remedy: "choose one with \(option: option)")
        }
        return .badData(
            file, found: "the columns \(list(columns))",
            expected: name.map { "a column named '\($0)'" } ?? "a column for the \(word)",
            remedy: "name the column with \(option: option)")
    }
}

extension Subset {
    /// The names of the subsets in folders, columns and shards, in lower case.
    static let commonNames: [(subset: Subset, names: [String])] = [
        (.train, ["train", "training"]),
        (.val, ["val", "valid", "validation", "dev"]),
        (.test, ["test", "testing", "eval", "evaluation"]),
    ]

    /// The subset with the common name `name`, regardless of case; nil for any other name.
    init?(commonName name: some StringProtocol) {
        let name = name.lowercased()
        guard let known = Self.commonNames.first(where: { $0.names.contains(name) }) else { return nil }
        self = known.subset
    }

    /// The subset whose name is `text` in UTF-8, at `place` in `file`; white space around it is ignored.
    ///
    /// - Throws: `badData` for another name.
    init(_ text: some Sequence<UInt8>, in file: String, _ place: @autoclosure () -> String, remedy: Remedy)
        throws(Fault)
    {
        let name = String(decoding: Array(text), as: UTF8.self).trimmed
        guard let subset = Subset(commonName: name) else {
            let names = Self.commonNames.flatMap(\.names).joined(separator: ", ")
            throw .badData(
                file, found: "the subset '\(name.prefix(80))' \(place())", expected: "one of \(names)", remedy: remedy)
        }
        self = subset
    }

    /// The only subset named by a word of `name`, such as `imagenet-train-000123`; nil for none or several.
    init?(wordOf name: some StringProtocol) {
        let found = Set(name.split(whereSeparator: { !$0.isLetter }).compactMap { Subset(commonName: $0) })
        guard let subset = found.first, found.count == 1 else { return nil }
        self = subset
    }
}
