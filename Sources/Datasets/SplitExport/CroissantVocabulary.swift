internal import Core
internal import Images
internal import Splits

extension OrderedJSON {
    /// The JSON-LD context of Croissant 1.1's appendix, with two changes that `mlcroissant` 1.1 requires: schema.org
    /// under https, and no `value`, which it reads as schema.org's.
    static let croissantContext: OrderedJSON = {
        let croissant = [
            "annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract",
            "field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset",
            "jsonPath", "key", "md5", "parentField", "path", "readLines", "recordSet", "references", "regex",
            "repeated", "replace", "samplingRate", "sdVersion", "separator", "source", "subField", "transform",
            "unArchive",
        ]
        let typed = [("data", "@json"), ("dataType", "@vocab"), ("examples", "@json")]
        return .object(
            [
                ("@language", "en"), ("@vocab", "https://schema.org/"), ("sc", "https://schema.org/"),
                ("cr", "http://mlcommons.org/croissant/"), ("rai", "http://mlcommons.org/croissant/RAI/"),
                ("dct", "http://purl.org/dc/terms/"), ("conformsTo", "dct:conformsTo"),
            ] + typed.map { ($0.0, ["@id": .text("cr:\($0.0)"), "@type": .text($0.1)]) }
                + croissant.map { ($0, .text("cr:\($0)")) })
    }()

    /// A field of the record set `set`.
    static func field(
        _ set: String, _ name: String, _ description: String, _ types: [String], _ more: (String, OrderedJSON)...
    ) -> OrderedJSON {
        .object(
            [
                ("@type", "cr:Field"), ("@id", .text("\(set)/\(name)")), ("name", .text(name)),
                ("description", .text(description)), ("dataType", OrderedJSON(oneOrMore: types)),
            ] + more)
    }
}

/// The image folder of a split, as a file set.
///
/// Items do not refer to the file set, so that they can be read without the images.
struct ImageFiles {
    private let root: String
    private var patterns: Set<String> = []
    private var types: Set<String> = []

    init(_ split: Split) {
        root = split.root
        for subset in Subset.allCases {
            for row in split[subset].indices { add(split[subset].pathBytes(row)) }
        }
    }

    private mutating func add(_ path: ArraySlice<UInt8>) {
        let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex)...]
        let dot = name.lastIndex(of: UInt8(ascii: "."))
        let suffix = dot.map { String(decoding: name[$0...], as: UTF8.self) } ?? ""
        // Some readers take two stars and a slash in a glob as at least one folder.
        let pattern = (name.startIndex == path.startIndex ? "*" : "**/*") + Self.escaped(suffix)
        guard patterns.insert(pattern).inserted else { return }
        types.insert(ImageFormat(fileName: suffix)?.mediaType ?? "application/octet-stream")
    }

    /// Escapes glob metacharacters.
    private static func escaped(_ text: String) -> String {
        text.map { "*?[".contains($0) ? "[\($0)]" : "\($0)" }.joined()
    }

    var fileSet: OrderedJSON {
        let prefix = root == "." ? "" : "\(Self.escaped(root))/"
        return [
            "@type": "cr:FileSet", "@id": "image-files", "name": "image-files",
            "description": .text("The images, in the folder '\(root)' beside this file."),
            "encodingFormat": OrderedJSON(oneOrMore: types.sorted()),
            "includes": OrderedJSON(oneOrMore: patterns.sorted().map { prefix + $0 }),
        ]
    }

    var records: OrderedJSON {
        var path: [(String, OrderedJSON)] = [
            ("fileSet", ["@id": "image-files"]), ("extract", ["fileProperty": "fullpath"]),
        ]
        if root != "." {
            let folder = root.map { "\\^$.|?*+()[]{}".contains($0) ? "\\\($0)" : "\($0)" }.joined()
            path.append(("transform", ["regex": .text("^\(folder)/(.*)$")]))
        }
        return [
            "@type": "cr:RecordSet", "@id": "images", "name": "images",
            "description": "Every image of the folder, by the path in the items of the subsets.",
            "key": ["@id": "images/path"],
            "field": [
                .field("images", "path", "Below the folder '\(root)'.", ["sc:Text"], ("source", .object(path))),
                .field(
                    "images", "content", "The image.", ["sc:ImageObject"],
                    ("source", ["fileSet": ["@id": "image-files"], "extract": ["fileProperty": "content"]])),
            ],
        ]
    }
}
