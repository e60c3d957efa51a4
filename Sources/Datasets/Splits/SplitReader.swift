internal import Catalog
internal import Core

/// The reader of both split formats, from JSON events.
///
/// CoOp's items have class names; this project's format has a class list and other keys beside the items.
struct SplitReader {
    static let expected =
        "a split of fewshot (*.split.json), of CoOp (split_zhou_*.json) or of cross_modal_adaptation (shot_*.json)"

    private enum State {
        case start, top, end
        case value(String)
        case list(Subset), item(Subset)
        case other(String)
    }

    let path: String
    private let byteCount: Int
    private var state = State.start
    /// The number of elements of the current item read so far, and its label.
    private var item = (count: 0, label: 0)
    /// The items of the current subset.
    private var items = ItemList()
    private var builder: JSONBuilder
    /// The subsets read so far.
    private var lists: [Subset: ItemList] = [:]
    /// The class names in CoOp's items, by label.
    private var itemNames: [[UInt8]] = []
    /// All other members of the file.
    private var values: [String: JSONValue] = [:]

    /// A reader of the file at `path`, which has `byteCount` bytes.
    init(path: String, byteCount: Int) {
        self.path = path
        self.byteCount = byteCount
        builder = JSONBuilder(path: path)
    }

    mutating func handle(_ event: JSONEvent) throws(Fault) {
        switch state {
        case .item(let subset): try element(event, subset)
        case .list(let subset): try list(event, subset)
        case .other(let key): try rest(event, key)
        case .value(let key): try begin(event, key)
        case .top:
            guard case .key(let text) = event else {
                state = .end
                return
            }
            let key = String(copying: text)
            guard values[key] == nil, !lists.keys.contains(where: { $0.rawValue == key }) else {
                throw unexpected(event, "each key once")
            }
            state = .value(key)
        case .start:
            guard case .beginObject = event else { throw unexpected(event, Self.expected) }
            state = .top
        case .end: throw unexpected(event, "nothing after the end")
        }
    }

    private mutating func begin(_ event: JSONEvent, _ key: String) throws(Fault) {
        guard let subset = Subset(rawValue: key) else { return try rest(event, key) }
        // cross_modal_adaptation has an object per subset.
        if case .beginObject = event, lists.isEmpty { return try rest(event, key) }
        guard case .beginArray = event else { throw unexpected(event, "a list of items at '\(key)'") }
        items = ItemList()
        state = .list(subset)
    }

    private mutating func rest(_ event: JSONEvent, _ key: String) throws(Fault) {
        state = .other(key)
        guard let value = try builder.add(event) else { return }
        values[key] = value
        state = .top
    }

    private mutating func list(_ event: JSONEvent, _ subset: Subset) throws(Fault) {
        switch event {
        case .beginArray:
            item = (0, 0)
            state = .item(subset)
        case .endArray:
            lists[subset] = items
            state = .top
        default: throw unexpected(event, "[path, label] at \(subset.rawValue) item \(items.count)")
        }
    }

    private mutating func element(_ event: JSONEvent, _ subset: Subset) throws(Fault) {
        switch (item.count, event) {
        // The path is copied at once because it is valid during the event only; its label follows.
        case (0, .string(let path)): items.append(path, label: 0)
        // A label is an index into a list of names in the same file, so it is smaller than the file.
        case (1, .integer(let label)) where label >= 0 && label < min(byteCount, 1 << 24):
            item.label = label
            items.relabelLast(label)
        case (2, .string(let text)): try name(text, subset)
        case (2 ... 3, .endArray): state = .list(subset)
        default:
            throw unexpected(
                event, "[path, label] or [path, label, class name] at \(subset.rawValue) item \(items.count)")
        }
        item.count += 1
    }

    private mutating func name(_ name: Span<UInt8>, _ subset: Subset) throws(Fault) {
        if item.label >= itemNames.count {
            itemNames += [[UInt8]](repeating: [], count: item.label + 1 - itemNames.count)
        }
        let known = itemNames[item.label]
        guard !known.isEmpty else {
            itemNames[item.label] = Array(String(copying: name).utf8)
            return
        }
        guard known.count == name.count, known.indices.allSatisfy({ known[$0] == name[$0] }) else {
            throw .badData(
                path,
                found: "the label \(item.label) with the name '\(String(copying: name))' "
                    + "at \(subset.rawValue) item \(items.count - 1)",
                expected: "'\(String(decoding: known, as: UTF8.self))', as before", remedy: "correct the file")
        }
    }

    private func unexpected(_ event: JSONEvent, _ expected: String) -> Fault {
        .badData(path, found: event.name, expected: expected, remedy: "correct the file")
    }
}

extension SplitReader {
    /// The split that the events made.
    func split(dataset: String?, input: Input) throws(Fault) -> Split {
        if lists.isEmpty, let sample = try CrossModalSample(values, path: path) {
            return try sample.split(dataset: dataset, input: input)
        }
        for subset in Subset.allCases where lists[subset] == nil { throw missing(subset.rawValue) }
        return try values["format"] == nil && values["classes"] == nil
            ? coopSplit(dataset: dataset, input: input) : ownSplit()
    }

    private func ownSplit() throws(Fault) -> Split {
        for (key, expected) in [
            ("format", JSONValue.string(SplitFile.format)), ("version", .integer(SplitFile.version)),
        ] where values[key] != expected {
            throw .badData(
                path, found: "another '\(key)', or none",
                expected: "a split of format '\(SplitFile.format)', version 1",
                remedy: "give a split file, or use the version of fewshot that wrote it")
        }
        guard itemNames.isEmpty else {
            throw .badData(
                path, found: "class names in items", expected: "[path, label]", remedy: "make the split again")
        }
        var split = try Split(
            dataset: value("dataset", \.string), root: value("root", \.string), classes: value("classes", \.strings),
            items: lists, provenance: provenance(), path: path)
        split.origin = try origin()
        split.sample = try sample()
        try split.validateOrigin(path)
        return split
    }

    private func origin() throws(Fault) -> ClassOrigin? {
        guard let members = values["origin"]?.object else { return nil }
        guard let dataset = members["dataset"]?.string, let labels = members["labels"]?.integers else {
            throw missing("origin")
        }
        return ClassOrigin(dataset: dataset, labels: labels)
    }

    private func sample() throws(Fault) -> SampleRecord? {
        guard ["shots", "seed", "scheme", "parent"].contains(where: { values[$0] != nil }) else { return nil }
        guard let scheme = FewShotSample.Scheme(rawValue: try value("scheme", \.string)),
            let parent = Digest(rawValue: try value("parent", \.string)), try value("shots", \.integer) > 0
        else {
            throw .badData(
                path, found: "an invalid 'scheme', 'shots' or 'parent'", expected: "those of a few-shot sample",
                remedy: "sample again")
        }
        return try SampleRecord(
            shots: value("shots", \.integer), seed: value("seed", \.integer), scheme: scheme, parent: parent)
    }

    private func provenance() throws(Fault) -> Provenance {
        let members = try value("provenance", \.object)
        guard let tool = members["tool"]?.string, let version = members["version"]?.string,
            let inputs = members["inputs"]?.array, let settings = members["settings"]?.object
        else { throw missing("provenance") }
        var provenance = Provenance(tool: tool, inputs: [], settings: settings.compactMapValues(\.string))
        provenance.version = version
        for input in inputs {
            guard let members = input.object, let role = members["role"]?.string, let name = members["name"]?.string,
                let digest = members["digest"]?.string.flatMap(Digest.init(rawValue:))
            else { throw missing("provenance") }
            provenance.inputs.append(Input(role: role, name: name, digest: digest))
        }
        return provenance
    }

    /// CoOp's format has no data set, root or class list: they come from the catalog and the items.
    private func coopSplit(dataset: String?, input: Input) throws(Fault) -> Split {
        let entry = dataset.map(Catalog.entry(named:)) ?? Catalog.entry(splitFile: input.name)
        if let label = itemNames.firstIndex(of: []) {
            throw .badData(
                path, found: "no item of class \(label), and therefore no name", expected: "labels without gaps",
                remedy: "renumber the labels")
        }
        for subset in Subset.allCases {
            guard let labels = lists[subset]?.labels, let row = labels.firstIndex(where: { $0 >= itemNames.count })
            else { continue }
            throw .badData(
                path, found: "the label \(labels[row]) without a name at \(subset.rawValue) item \(row)",
                expected: "[path, label, class name]", remedy: "correct the file")
        }
        return try Split(
            dataset: dataset ?? entry?.name ?? String(input.name.prefix { $0 != "." }), root: entry?.imageRoot ?? ".",
            classes: itemNames.map { String(decoding: $0, as: UTF8.self) }, items: lists,
            provenance: Provenance(tool: "fewshot-split", inputs: [input], settings: [:]), path: path)
    }

    private func value<Value>(_ key: String, _ read: (JSONValue) -> Value?) throws(Fault) -> Value {
        guard let value = values[key], let read = read(value) else { throw missing(key) }
        return read
    }

    private func missing(_ key: String) -> Fault {
        .badData(path, found: "no valid '\(key)'", expected: Self.expected, remedy: "give a split file")
    }
}
