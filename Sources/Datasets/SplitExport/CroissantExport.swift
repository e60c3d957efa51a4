internal import Catalog
public import Core
public import Splits

extension SplitFile {
    /// Publishes a description of the split in Croissant 1.1, JSON-LD that `mlcroissant` and search engines read.
    ///
    /// The classes are embedded, the items are not: the description says by JSONPath where in the split's own file
    /// they are, so that ImageNet's takes 100 kB and not 300 MB, and there is one list of items and not two that could
    /// differ. It therefore lies beside the split's file and names it with its SHA-256.
    ///
    /// - Parameters:
    ///   - details: what the split does not know.
    ///   - path: the file.
    ///   - replaces: whether another file there may be replaced.
    /// - Returns: whether the file is new, and the properties that Croissant demands and nobody has named.
    /// - Throws: `cannotCreate` where another file is there and `replaces` is false.
    public func exportCroissant(
        _ details: CroissantDetails, to path: String, replaces: Bool
    ) throws(Fault) -> (outcome: SplitOutcome, missing: [String]) {
        let entry = Catalog.entry(named: split.dataset)
        let page = croissant(details, entry).page()
        let outcome = try publishUnlessThere(path, replaces: replaces) { path throws(Fault) in
            try PublishedFile.publish(page, to: path)
        }
        return (outcome, details.missing(entry))
    }

    private func croissant(_ details: CroissantDetails, _ entry: DatasetEntry?) -> OrderedJSON {
        var members: [(String, OrderedJSON)] = [
            ("@context", .croissantContext), ("@type", "sc:Dataset"),
            ("conformsTo", "http://mlcommons.org/croissant/1.1"),
            ("name", .text(Self.name(split))), ("description", .text(Self.words(split, entry))),
        ]
        let optional = [
            ("license", details.license(entry)), ("url", details.url ?? entry?.homePage),
            ("citeAs", details.citation), ("datePublished", details.date),
        ]
        for (key, value) in optional {
            if let value, !value.isEmpty { members.append((key, .text(value))) }
        }
        if let creator = details.creator {
            members.append(("creator", ["@type": "sc:Organization", "name": .text(creator)]))
        }
        let parts = Subset.allCases.filter { !split[$0].isEmpty }
        let images = ImageFiles(split)
        members.append(("distribution", .list(parts.map(fileObject) + [images.fileSet])))
        members.append(
            ("recordSet", .list([classRecords, Self.partRecords(parts)] + parts.map(itemRecords) + [images.records])))
        return .object(members)
    }

    /// The split's file, as the source of one part.
    ///
    /// The same file is listed once a part, as `mlcroissant` puts all fields of one source into one table and parts
    /// differ in length.
    private func fileObject(_ part: Subset) -> OrderedJSON {
        [
            "@type": "cr:FileObject", "@id": .text("\(part.rawValue)-file"), "name": .text(input.name),
            "description": .text("The split's file, for its part '\(part.rawValue)'."),
            "contentUrl": .text(input.name), "encodingFormat": "application/json",
            "sha256": .text(input.digest.description),
        ]
    }

    private var classRecords: OrderedJSON {
        [
            "@type": "cr:RecordSet", "@id": "classes", "name": "classes", "description": "The classes and their names.",
            "dataType": "sc:Enumeration", "key": ["@id": "classes/label"],
            "field": [
                .field("classes", "label", "Counts from 0.", ["sc:Integer"]),
                .field("classes", "name", "As prompts name the class.", ["sc:Text"]),
            ],
            "data": .list(
                split.classes.enumerated().map { label, name in
                    ["classes/label": .integer(label), "classes/name": .text(name)]
                }),
        ]
    }

    private static func partRecords(_ parts: [Subset]) -> OrderedJSON {
        let meanings: [Subset: OrderedJSON] = [
            .train: "cr:TrainingSplit", .val: "cr:ValidationSplit", .test: "cr:TestSplit",
        ]
        return [
            "@type": "cr:RecordSet", "@id": "parts", "name": "parts", "description": "What the parts are for.",
            "dataType": "cr:Split", "key": ["@id": "parts/name"],
            "field": [
                .field("parts", "name", "As the split's file names the part.", ["sc:Text"]),
                .field("parts", "url", "What Croissant calls it.", ["sc:URL"]),
            ],
            "data": .list(
                parts.map { ["parts/name": .text($0.rawValue), "parts/url": meanings[$0] ?? .text($0.rawValue)] }),
        ]
    }

    private func itemRecords(_ part: Subset) -> OrderedJSON {
        let name = part.rawValue
        func element(_ place: Int) -> OrderedJSON {
            [
                "fileObject": ["@id": .text("\(name)-file")],
                "extract": ["jsonPath": .text("$.\(name)[*][\(place)]")],
            ]
        }
        return [
            "@type": "cr:RecordSet", "@id": .text(name), "name": .text(name),
            "description": .text(
                "The \(split[part].count) items of the part '\(name)', in the order of the split's file."),
            "field": [
                .field(
                    name, "path", "Of the image, below the folder '\(split.root)'.", ["sc:Text"],
                    ("source", element(0))),
                .field(
                    name, "label", "Of the class.", ["sc:Integer", "cr:Label"], ("source", element(1)),
                    ("references", ["field": ["@id": "classes/label"]])),
                .field(
                    name, "class", "The class's name.", ["sc:Text", "cr:Label"],
                    ("source", ["field": ["@id": "classes/name"]])),
                .field(
                    name, "split", "The part.", ["sc:Text"], ("value", .text(name)),
                    ("references", ["field": ["@id": "parts/name"]])),
            ],
        ]
    }

    private static func name(_ split: Split) -> String {
        guard let sample = split.sample else { return split.dataset }
        return "\(split.dataset)-\(sample.shots)shot-s\(sample.seed)"
            + (sample.scheme == .coop ? "" : "-\(sample.scheme.rawValue)")
    }

    private static func words(_ split: Split, _ entry: DatasetEntry?) -> String {
        var words = entry.map { "\($0.title): \($0.summary) " } ?? ""
        let counts = Subset.allCases.map { "\(split[$0].count) \($0.rawValue)" }.joined(separator: ", ")
        words += "A split of \(split.itemCount) images of \(split.classes.count) classes (\(counts))."
        if let sample = split.sample {
            words += " Few-shot: \(sample.shots) items of each class drawn with the seed \(sample.seed)"
            words += " by the scheme \(sample.scheme.rawValue) from the split with the SHA-256 \(sample.parent)."
        }
        return words + " Images lie in the folder '\(split.root)'; this file and the split's lie beside it."
    }
}
