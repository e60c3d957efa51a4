internal import Catalog
public import Core
public import Splits

extension SplitFile {
    /// Publishes a description of the split in Croissant 1.1, the JSON-LD format of `mlcroissant` and search engines.
    ///
    /// The classes are embedded. The items are referenced by JSONPath in the split's own file, so that ImageNet's
    /// description takes 100 kB instead of 300 MB and there is only one list of items. The description must therefore
    /// be in the same folder as the split's file, whose SHA-256 it contains.
    ///
    /// The result has the required properties that are missing. A different file is replaced if `replaces` is true.
    ///
    /// - Throws: `cannotCreate` if a different file exists and `replaces` is false.
    public func exportCroissant(
        _ details: CroissantDetails, to path: String, replaces: Bool
    ) throws(Fault) -> (outcome: SplitOutcome, missing: [String]) {
        let entry = Catalog.entry(named: split.dataset)
        let properties = details.properties(entry)
        let page = croissant(properties, entry).page()
        let outcome = try publishUnlessReusable(path, replaces: replaces) { path throws(Fault) in
            try PublishedFile.publish(page, to: path)
        }
        return (outcome, ["license", "url", "creator", "datePublished"].filter { properties[$0] == nil })
    }

    private func croissant(_ properties: [String: String], _ entry: DatasetEntry?) -> OrderedJSON {
        var members: [(String, OrderedJSON)] = [
            ("@context", .croissantContext), ("@type", "sc:Dataset"),
            ("conformsTo", "http://mlcommons.org/croissant/1.1"),
            ("name", .text(name)), ("description", .text(description(entry))),
        ]
        for key in ["license", "url", "citeAs", "datePublished"] {
            if let value = properties[key] { members.append((key, .text(value))) }
        }
        if let creator = properties["creator"] {
            members.append(("creator", ["@type": "sc:Organization", "name": .text(creator)]))
        }
        let subsets = Subset.allCases.filter { !split[$0].isEmpty }
        let images = ImageFiles(split)
        let records = [classRecords, Self.subsetRecords(subsets)] + subsets.map(itemRecords) + [images.records]
        members.append(("distribution", .list(subsets.map(fileObject) + [images.fileSet])))
        members.append(("recordSet", .list(records)))
        return .object(members)
    }

    /// The split's file, as the source of one subset.
    ///
    /// The file is listed once per subset, because `mlcroissant` puts all fields of one source into one table, and
    /// subsets differ in length.
    private func fileObject(_ subset: Subset) -> OrderedJSON {
        [
            "@type": "cr:FileObject", "@id": .text("\(subset.rawValue)-file"), "name": .text(input.name),
            "description": .text("The split's file, for its subset '\(subset.rawValue)'."),
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
                .field("classes", "name", "The class name in prompts.", ["sc:Text"]),
            ],
            "data": .list(
                split.classes.enumerated().map { label, name in
                    ["classes/label": .integer(label), "classes/name": .text(name)]
                }),
        ]
    }

    private static func subsetRecords(_ subsets: [Subset]) -> OrderedJSON {
        let meanings: [Subset: OrderedJSON] = [
            .train: "cr:TrainingSplit", .val: "cr:ValidationSplit", .test: "cr:TestSplit",
        ]
        return [
            "@type": "cr:RecordSet", "@id": "parts", "name": "parts", "description": "The subsets and their purposes.",
            "dataType": "cr:Split", "key": ["@id": "parts/name"],
            "field": [
                .field("parts", "name", "The subset's name in the split's file.", ["sc:Text"]),
                .field("parts", "url", "The subset's name in Croissant.", ["sc:URL"]),
            ],
            "data": .list(
                subsets.map { ["parts/name": .text($0.rawValue), "parts/url": meanings[$0] ?? .text($0.rawValue)] }),
        ]
    }

    private func itemRecords(_ subset: Subset) -> OrderedJSON {
        let name = subset.rawValue
        func element(_ place: Int) -> OrderedJSON {
            ["fileObject": ["@id": .text("\(name)-file")], "extract": ["jsonPath": .text("$.\(name)[*][\(place)]")]]
        }
        return [
            "@type": "cr:RecordSet", "@id": .text(name), "name": .text(name),
            "description": .text(
                "The \(split[subset].count) items of the subset '\(name)', in the order of the split's file."),
            "field": [
                .field(
                    name, "path", "The image's path below the folder '\(split.root)'.", ["sc:Text"],
                    ("source", element(0))),
                .field(
                    name, "label", "The label of the class.", ["sc:Integer", "cr:Label"], ("source", element(1)),
                    ("references", ["field": ["@id": "classes/label"]])),
                .field(
                    name, "class", "The class's name.", ["sc:Text", "cr:Label"],
                    ("source", ["field": ["@id": "classes/name"]])),
                .field(
                    name, "split", "The subset.", ["sc:Text"], ("value", .text(name)),
                    ("references", ["field": ["@id": "parts/name"]])),
            ],
        ]
    }

    private var name: String {
        guard let sample = split.sample else { return split.dataset }
        return "\(split.dataset)-\(sample.shots)shot-s\(sample.seed)"
            + (sample.scheme == .coop ? "" : "-\(sample.scheme.rawValue)")
    }

    private func description(_ entry: DatasetEntry?) -> String {
        var words = entry.map { "\($0.title): \($0.summary) " } ?? ""
        let counts = Subset.allCases.map { "\(split[$0].count) \($0.rawValue)" }.joined(separator: ", ")
        words += "A split of \(split.itemCount) images of \(split.classes.count) classes (\(counts))."
        if let sample = split.sample {
            words += " Few-shot: \(sample.shots) items per class, sampled with the seed \(sample.seed)"
            words += " by the scheme \(sample.scheme.rawValue) from the split with the SHA-256 \(sample.parent)."
        }
        return words + " Images lie in the folder '\(split.root)'; this file and the split's lie beside it."
    }
}
