internal import Catalog
internal import Core

/// Makes a split of JSON events: ours and CoOp's differ in their items' class names and in what stands around them.
struct SplitReader {
    static let expected = "a split of ours (*.split.json) or CoOp's (split_zhou_*.json)"

    private enum Place {
        case start, top, end
        case value(String)
        case list(Subset), item(Subset)
        case other(String)
    }

    let path: String
    private let byteCount: Int
    private var place = Place.start
    /// How much of an item is read, and its label.
    private var item = (count: 0, label: 0)
    /// The part that is being read.
    private var items = ItemList()
    private var builder: JSONBuilder
    // What was read so far: the parts, the names that items of CoOp's format give their labels, and all the rest.
    private var lists: [Subset: ItemList] = [:]
    private var itemNames: [[UInt8]] = []
    private var values: [String: JSONValue] = [:]

    /// Reads the file at `path`, which has `byteCount` bytes.
    init(path: String, byteCount: Int) {
        (self.path, self.byteCount) = (path, byteCount)
        builder = JSONBuilder(path: path)
    }

    mutating func handle(_ event: JSONEvent) throws(Fault) {
        switch place {
        case .item(let part): try element(event, part)
        case .list(let part): try list(event, part)
        case .other(let key): try rest(event, key)
        case .value(let key): try begin(event, key)
        case .top:
            guard case .key(let text) = event else {
                place = .end
                return
            }
            let key = String(copying: text)
            guard values[key] == nil, !lists.keys.contains(where: { $0.rawValue == key }) else {
                throw wrong(event, "each key once")
            }
            place = .value(key)
        case .start:
            guard case .beginObject = event else { throw wrong(event, Self.expected) }
            place = .top
        case .end: throw wrong(event, "nothing after the end")
        }
    }

    private mutating func begin(_ event: JSONEvent, _ key: String) throws(Fault) {
        guard let part = Subset(rawValue: key) else { return try rest(event, key) }
        guard case .beginArray = event else { throw wrong(event, "a list of items at '\(key)'") }
        items = ItemList()
        place = .list(part)
    }

    private mutating func rest(_ event: JSONEvent, _ key: String) throws(Fault) {
        place = .other(key)
        guard let value = try builder.add(event) else { return }
        values[key] = value
        place = .top
    }

    private mutating func list(_ event: JSONEvent, _ part: Subset) throws(Fault) {
        switch event {
        case .beginArray:
            item = (0, 0)
            place = .item(part)
        case .endArray:
            lists[part] = items
            place = .top
        default: throw wrong(event, "[path, label] at \(part.rawValue) item \(items.count)")
        }
    }

    private mutating func element(_ event: JSONEvent, _ part: Subset) throws(Fault) {
        switch (item.count, event) {
        // The path goes in at once and its label follows, as neither outlives the event.
        case (0, .string(let path)): items.append(path, label: 0)
        // A label is a place in a list of names, so the file is longer than any.
        case (1, .integer(let label)) where label >= 0 && label < min(byteCount, 1 << 24):
            item.label = label
            items.relabelLast(label)
        case (2, .string(let text)): try name(text, part)
        case (2 ... 3, .endArray): place = .list(part)
        default:
            throw wrong(event, "[path, label] or [path, label, class name] at \(part.rawValue) item \(items.count)")
        }
        item.count += 1
    }

    private mutating func name(_ name: Span<UInt8>, _ part: Subset) throws(Fault) {
        if item.label >= itemNames.count {
            itemNames += [[UInt8]](repeating: [], count: item.label + 1 - itemNames.count)
        }
        let known = itemNames[item.label]
        guard !known.isEmpty else {
            itemNames[item.label] = Array(String(copying: name).utf8)
            return
        }
        guard known.span.hasSameBytes(as: name) else {
            throw .badData(
                path,
                found:
                    "the label \(item.label) with the name '\(String(copying: name))' at \(part.rawValue) item \(items.count - 1)",
                expected: "'\(String(decoding: known, as: UTF8.self))', as before", remedy: "correct the file")
        }
    }

    private func wrong(_ event: JSONEvent, _ expected: String) -> Fault {
        .badData(path, found: event.name, expected: expected, remedy: "correct the file")
    }
}

extension SplitReader {
    /// The split that the events made.
    func split(dataset: String?, input: Input) throws(Fault) -> Split {
        for part in Subset.allCases where lists[part] == nil { throw missing(part.rawValue) }
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
                remedy: "name a split's file, or use the fewshot that wrote it")
        }
        guard itemNames.isEmpty else {
            throw .badData(
                path, found: "class names in items", expected: "[path, label]", remedy: "make the split again")
        }
        return try Split(
            dataset: value("dataset", \.string), root: value("root", \.string), classes: value("classes", \.strings),
            train: items(of: .train), val: items(of: .val), test: items(of: .test), origin: origin(), sample: sample(),
            provenance: provenance(), path: path)
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
            let parent = Digest(hexadecimal: try value("parent", \.string)), try value("shots", \.integer) > 0
        else {
            throw .badData(
                path, found: "an unusable 'scheme', 'shots' or 'parent'", expected: "those of a few-shot sample",
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
                let digest = members["digest"]?.string.flatMap(Digest.init(hexadecimal:))
            else { throw missing("provenance") }
            provenance.inputs.append(Input(role: role, name: name, digest: digest))
        }
        return provenance
    }

    /// CoOp's file names no data set, no root and no list of classes: the catalog and the items do.
    private func coopSplit(dataset: String?, input: Input) throws(Fault) -> Split {
        let entry = dataset.map(Catalog.entry(named:)) ?? Catalog.entry(splitFile: input.name)
        if let label = itemNames.firstIndex(of: []) {
            throw .badData(
                path, found: "no item, so no name, of class \(label)", expected: "labels without a gap",
                remedy: "renumber the labels")
        }
        for part in Subset.allCases {
            guard let row = items(of: part).labels.firstIndex(where: { $0 >= itemNames.count }) else { continue }
            throw .badData(
                path, found: "the label \(items(of: part).labels[row]) without a name at \(part.rawValue) item \(row)",
                expected: "[path, label, class name]", remedy: "correct the file")
        }
        return try Split(
            dataset: dataset ?? entry?.name ?? String(input.name.prefix { $0 != "." }), root: entry?.imageRoot ?? ".",
            classes: itemNames.map { String(decoding: $0, as: UTF8.self) }, train: items(of: .train),
            val: items(of: .val),
            test: items(of: .test), provenance: Provenance(tool: "fewshot-split", inputs: [input], settings: [:]),
            path: path)
    }

    private func items(of part: Subset) -> ItemList { lists[part] ?? ItemList() }

    private func value<Value>(_ key: String, _ read: (JSONValue) -> Value?) throws(Fault) -> Value {
        guard let value = values[key], let read = read(value) else { throw missing(key) }
        return read
    }

    private func missing(_ key: String) -> Fault {
        .badData(path, found: "no usable '\(key)'", expected: Self.expected, remedy: "name a split's file")
    }
}

extension Span<UInt8> {
    fileprivate func hasSameBytes(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for place in indices where self[place] != other[place] { return false }
        return true
    }
}
