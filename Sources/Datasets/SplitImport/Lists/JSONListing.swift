internal import Core
internal import Images
internal import Splits

/// The items of a list in JSON, in the forms of common labeling tools.
struct JSONListing {
    /// An image with one label; without a label, it is an error.
    struct Item {
        let path: String
        let label: String?
        var subset: Subset?
        /// The position in error messages.
        let place: String
    }

    var items: [Item] = []
    /// The class names of labels that are numbers, if the file has them.
    var classes: [String]?
    var notes: [String] = []

    static let forms = """
        records with path and label, lists of paths by class, COCO's images and annotations, FiftyOne's labels, or Label Studio's tasks
        """

    /// Reads `file`, which is one JSON value or one per line.
    ///
    /// - Throws: `badData` with the position of a syntax error, or the keys of another structure.
    init(_ file: borrowing TextFile, _ settings: SplitImport.Settings) throws(Fault) {
        if let lines = try Self.lines(file) {
            try readRecords(lines, file.path, settings.columns) { "line \($0 + 1)" }
            return
        }
        let whole = try JSONValue(file.bytes, path: file.path, expected: Self.forms)
        switch whole {
        case .array(let list) where list.first?.object?["data"] != nil: try readTasks(list, file.path)
        case .array(let list): try readRecords(list, file.path, settings.columns) { "record \($0 + 1)" }
        case .object(let members): try read(members, file.path, settings)
        default: throw Self.unknown(whole, file.path)
        }
    }

    /// The values of a file with one JSON object per line; nil for another file.
    private static func lines(_ file: borrowing TextFile) throws(Fault) -> [JSONValue]? {
        let text = file.utf8
        var values: [JSONValue] = []
        var start = 0
        var line = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != 10 { end += 1 }
            defer { start = end + 1 }
            line += 1
            guard (start ..< end).contains(where: { text[$0] > 32 }) else {
                values.append(.null)
                continue
            }
            let bytes = file.bytes.extracting(start ..< end)
            do throws(Fault) {
                let value = try JSONValue(bytes, path: "\(file.path), line \(line)", expected: "one object per line")
                guard value.object != nil else { return nil }
                values.append(value)
            } catch {
                // A first line that is no object starts a value of several lines.
                if !values.contains(where: { $0 != .null }) { return nil }
                throw error
            }
        }
        let isNamedLines = [".jsonl", ".ndjson"].contains(where: file.path.lowercased().hasSuffix)
        return isNamedLines || values.count { $0 != .null } > 1 ? values : nil
    }

    private mutating func read(
        _ members: [String: JSONValue], _ path: String, _ settings: SplitImport.Settings
    ) throws(Fault) {
        if let images = members["images"]?.array, let annotations = members["annotations"]?.array {
            try readCOCO(images, annotations, members["categories"]?.array ?? [], path)
        } else if let labels = members["labels"]?.object {
            try readFiftyOne(labels, members["classes"]?.strings, path, settings)
        } else if let samples = members["samples"]?.array {
            try readRecords(samples, path, settings.columns) { "sample \($0 + 1)" }
        } else if !members.isEmpty, members.keys.allSatisfy({ ImageFormat(fileName: $0) != nil }) {
            for (image, label) in members.sorted(by: { $0.key < $1.key }) {
                append(image, label.labels, nil, "'\(image)'")
            }
        } else if let images = Self.imagesByClass(members) {
            for (name, paths) in images.sorted(by: { $0.key.precedes($1.key) }) {
                for (number, path) in paths.enumerated() { append(path, [name], nil, "'\(name)', image \(number + 1)") }
            }
        } else {
            throw Self.unknown(.object(members), path)
        }
    }

    /// The image paths of each class in an object such as `{"cat": ["cat/1.jpg"]}`; nil for another object.
    private static func imagesByClass(_ members: [String: JSONValue]) -> [String: [String]]? {
        var images: [String: [String]] = [:]
        for (name, value) in members {
            guard let paths = value.strings, paths.allSatisfy({ ImageFormat(fileName: $0) != nil }) else { return nil }
            images[name] = paths
        }
        return images.values.contains { !$0.isEmpty } ? images : nil
    }

    /// Adds an image with its labels; one without any is an error later.
    mutating func append(_ path: String, _ labels: [String], _ subset: Subset?, _ place: String) {
        for label in labels.isEmpty ? [nil] : labels.map(Optional.some) {
            items.append(Item(path: path, label: label, subset: subset, place: place))
        }
    }

    /// The error for JSON of another structure.
    static func unknown(_ value: JSONValue, _ path: String) -> Fault {
        let object = value.object ?? value.array?.first?.object
        let keys = object?.keys.sorted().prefix(8).map { "'\($0)'" }.joined(separator: ", ") ?? ""
        let found = value.object != nil ? "a JSON object" : "a JSON list"
        return .badData(
            path, found: keys.isEmpty ? found : "\(found) with the keys \(keys)", expected: forms,
            remedy: "write a CSV file with the columns path and label")
    }
}

extension JSONListing {
    /// Reads records such as `{"path": "cat/1.jpg", "label": "cat"}`, of which null values are skipped.
    private mutating func readRecords(
        _ records: [JSONValue], _ path: String, _ names: ColumnNames, place: (Int) -> String
    ) throws(Fault) {
        guard let first = records.lazy.compactMap(\.object).first else { throw Self.unknown(.array(records), path) }
        let keys = first.keys.sorted()
        let pathKey = try Self.key(.path, keys, names.path, path)
        let labelKey =
            try names.label == nil && first["ground_truth"]?.object != nil
            ? "ground_truth" : Self.key(.label, keys, names.label, path)
        let subsetKey = ColumnRole.subset.matches(in: keys, named: names.subset).first.map { keys[$0] }
        for (number, record) in records.enumerated() where record != .null {
            guard let image = record.object?[pathKey]?.string else {
                throw .badData(
                    path, found: "no '\(pathKey)' at \(place(number))", expected: "an image path",
                    remedy: "add the path")
            }
            var subset: Subset?
            if let subsetKey, let name = record.object?[subsetKey]?.string {
                subset = try Subset(name.utf8, in: path, "at \(place(number))", remedy: "correct the record")
            }
            append(image, record.object?[labelKey]?.labels ?? [], subset, place(number))
        }
    }

    private static func key(
        _ role: ColumnRole, _ keys: [String], _ name: String?, _ path: String
    ) throws(Fault) -> String {
        let matches = role.matches(in: keys, named: name)
        if let index = matches.first, matches.count == 1 { return keys[index] }
        throw role.fault(path, named: name, matches: matches.map { keys[$0] }, among: keys)
    }

    /// Reads COCO's images, annotations and categories; an image with annotations of one category is one item.
    private mutating func readCOCO(
        _ images: [JSONValue], _ annotations: [JSONValue], _ categories: [JSONValue], _ path: String
    ) throws(Fault) {
        func fault(_ found: String, _ expected: String) -> Fault {
            .badData(path, found: found, expected: expected, remedy: "correct the file, or write a CSV file")
        }
        let named = categories.compactMap { value -> (id: Int, name: String)? in
            guard let id = value.object?["id"]?.integer, let name = value.object?["name"]?.string else { return nil }
            return (id, name.trimmed)
        }.sorted { $0.id < $1.id }
        guard !named.isEmpty, named.count == categories.count else {
            throw fault("no categories with 'id' and 'name'", "COCO's categories")
        }
        classes = named.map(\.name)
        let labels = Dictionary(named.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var found: [String: [Int]] = [:]
        for (number, annotation) in annotations.enumerated() {
            guard let image = annotation.object?["image_id"]?.labels.first,
                let category = annotation.object?["category_id"]?.integer,
                let label = labels[category]
            else { throw fault("no image or known category at annotation \(number + 1)", "COCO's annotations") }
            if found[image]?.contains(label) != true { found[image, default: []].append(label) }
        }
        var unlabeled: [String] = []
        for (number, image) in images.enumerated() {
            guard let id = image.object?["id"]?.labels.first, let name = image.object?["file_name"]?.string else {
                throw fault("no 'id' or 'file_name' at image \(number + 1)", "COCO's images")
            }
            guard let labels = found[id] else {
                unlabeled.append(name)
                continue
            }
            append(name, labels.map(String.init), nil, "image \(number + 1)")
        }
        noteUnlabeled(unlabeled)
    }

    /// Reads the tasks of Label Studio, whose choices are the labels.
    private mutating func readTasks(_ tasks: [JSONValue], _ path: String) throws(Fault) {
        var unlabeled: [String] = []
        for (number, task) in tasks.enumerated() {
            let data = task.object?["data"]?.object ?? [:]
            let image =
                data["image"]?.string ?? data.values.compactMap(\.string).first { ImageFormat(fileName: $0) != nil }
            guard let image else { throw Self.unknown(task, path) }
            let annotation = task.object?["annotations"]?.array?.first { $0.object?["was_cancelled"] != .bool(true) }
            let results = annotation?.object?["result"]?.array ?? []
            let choices = results.flatMap { $0.object?["value"]?.object?["choices"]?.labels ?? [] }
            guard !choices.isEmpty else {
                guard results.isEmpty else {
                    throw .badData(
                        path, found: "annotations without 'choices' at task \(number + 1)",
                        expected: "the choices of image classification", remedy: "export a classification project")
                }
                unlabeled.append(image)
                continue
            }
            append(image, choices, nil, "task \(number + 1)")
        }
        noteUnlabeled(unlabeled)
    }

    /// Reads FiftyOne's labels, whose keys are the names of images in the folder `data` without their suffixes.
    private mutating func readFiftyOne(
        _ labels: [String: JSONValue], _ names: [String]?, _ path: String, _ settings: SplitImport.Settings
    ) throws(Fault) {
        let root = settings.root ?? parentFolder(of: path)
        let isAbove = FileKind(at: root.appending(path: "data")) == .folder
        let tree = try FolderTree.walking(isAbove ? root.appending(path: "data") : root) { _, _ in }
        let prefix = isAbove ? "data/" : ""
        let images = tree.paths.filter { ImageFormat(fileName: $0) != nil }
        let byStem = Dictionary(grouping: images) { image in
            image.lastIndex(of: ".").map { String(image[..<$0]) } ?? image
        }
        let known = Set(images)
        classes = names
        var missing: [String] = []
        var unlabeled: [String] = []
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            let found = known.contains(key) ? [key] : byStem[key] ?? []
            if found.isEmpty {
                missing.append(key)
            } else if value.labels.isEmpty {
                unlabeled.append(key)
            }
            for image in value.labels.isEmpty ? [] : found { append(prefix + image, value.labels, nil, "'\(key)'") }
        }
        guard missing.isEmpty else {
            throw .badData(
                path, found: "\(listed(missing, "label", "labels")) of images that are not in '\(root)'",
                expected: "the images in the folder 'data' beside the labels",
                remedy: "give the folder of the images with \(option: "root")")
        }
        noteUnlabeled(unlabeled)
    }

    private mutating func noteUnlabeled(_ names: [String]) {
        if !names.isEmpty { notes.append("left out: \(listed(names, "image", "images")) without a label") }
    }
}

extension JSONValue {
    /// The labels of a value: a text, a number, or the `label` of an object; several in a list.
    var labels: [String] {
        switch self {
        case .string(let text): [text]
        case .integer(let number): ["\(number)"]
        case .number(let number): ["\(number)"]
        case .bool(let truth): ["\(truth)"]
        case .array(let values): values.flatMap(\.labels)
        case .object(let members): (members["label"] ?? members["class_name"] ?? members["name"])?.labels ?? []
        case .null: []
        }
    }
}
