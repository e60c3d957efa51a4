internal import Core

/// The tensors in a pickled value by name: `a.b.0` is the first item of the list `b` in the dictionary `a`.
///
/// Lists of integers or of texts, such as labels and paths, are kept as well.
///
/// A TorchScript module gives the tensors of its `state_dict()`: `a.b` is the attribute `b` of the module `a`. Lists
/// and dictionaries in attributes are not part of it. Attributes that are tensors but neither parameters nor buffers
/// are included, because only the archive's code distinguishes them.
struct TorchContents {
    private(set) var tensors: [String: TorchTensor] = [:]
    private(set) var lists: [String: TorchList] = [:]
    private(set) var storages: [TorchStorage]
    private let path: String
    private var visitCount = 0
    private var nameBytes = 0
    private var listedCount = 0

    /// The maximum nesting, which ends cyclic structures.
    static let maximumDepth = 64
    /// The maximum number of visited values, which limits structures with shared parts.
    static let maximumVisitCount = 200_000
    /// The maximum number of items in lists of plain values, where a list with several names counts several times.
    static let maximumListedCount = 4_000_000
    /// The maximum total length of all names.
    static let maximumNameBytes = 1 << 24

    /// Collects the tensors in `value`, which `unpickler` has read.
    ///
    /// A value that is itself a tensor has the name "".
    init(_ value: PickleValue, of unpickler: borrowing Unpickler, path: String) throws(Fault) {
        self.storages = unpickler.storages
        self.path = path
        try visit(value, name: "", depth: 0, unpickler)
        guard !tensors.isEmpty else {
            throw .badData(
                path, found: "no tensor", expected: "at least one", remedy: "save the tensors with torch.save")
        }
    }

    private mutating func visit(
        _ value: PickleValue, name: String, depth: Int, _ unpickler: borrowing Unpickler
    ) throws(Fault) {
        visitCount += 1
        nameBytes += name.utf8.count
        guard depth <= Self.maximumDepth, visitCount <= Self.maximumVisitCount, nameBytes <= Self.maximumNameBytes,
            listedCount <= Self.maximumListedCount
        else {
            throw unpickler.unsupported(
                "containers that are too deep or too large", expected: "at most \(Self.maximumDepth) levels")
        }
        switch value {
        case .tensor(let index):
            guard tensors.updateValue(unpickler.tensors[index], forKey: name) == nil else {
                throw unpickler.unsupported("the name '\(name)' twice", expected: "each tensor's name once")
            }
        case .list(let index) where addList(unpickler.sequences[index], name: name): break
        case .list(let index), .tuple(let index):
            for (position, item) in unpickler.sequences[index].enumerated() {
                try visit(item, name: join(name, String(position)), depth: depth + 1, unpickler)
            }
        case .dictionary(let index):
            for (key, item) in unpickler.dictionaries[index] {
                try visit(item, name: join(name, try text(of: key, unpickler)), depth: depth + 1, unpickler)
            }
        case .record(let index):
            guard let attributes = unpickler.records[index] else { return }
            try visit(attributes: attributes, name: name, depth: depth, unpickler)
        default: break
        }
    }

    /// Keeps a list of integers or of texts; returns whether it is one.
    private mutating func addList(_ items: [PickleValue], name: String) -> Bool {
        listedCount += items.count
        guard listedCount <= Self.maximumListedCount, let list = TorchList(items) else { return false }
        lists[name] = list
        return true
    }

    private mutating func visit(
        attributes: Int, name: String, depth: Int, _ unpickler: borrowing Unpickler
    ) throws(Fault) {
        visitCount += unpickler.dictionaries[attributes].count
        for (key, item) in unpickler.dictionaries[attributes] {
            guard case .text(let attribute) = key, Self.isAttributeName(attribute) else {
                throw unpickler.unsupported(
                    "a module's attribute with an empty name or with dots, slashes, or spaces", expected: "plain names")
            }
            switch item {
            case .tensor, .record: try visit(item, name: join(name, attribute), depth: depth + 1, unpickler)
            default: break
            }
        }
    }

    private static func isAttributeName(_ text: String) -> Bool {
        (1 ... 256).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0 > 0x20 && $0 != 0x7F && ![UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "\\")].contains($0)
            }
    }

    private func text(of key: PickleValue, _ unpickler: borrowing Unpickler) throws(Fault) -> String {
        switch key {
        case .text(let text) where text.utf8.count <= 1024: text
        case .integer(let number): String(number)
        default: throw unpickler.unsupported("a dictionary key that is neither short text nor an integer")
        }
    }

    private func join(_ prefix: String, _ part: String) -> String { prefix.isEmpty ? part : "\(prefix).\(part)" }
}

/// A nonempty list of plain values of one kind in a pickle.
package enum TorchList: Sendable, Equatable {
    case integers([Int])
    case texts([String])

    init?(_ items: [PickleValue]) {
        switch items.first {
        case .integer:
            self = .integers(
                items.compactMap { item -> Int? in
                    if case .integer(let number) = item { number } else { nil }
                })
        case .text:
            self = .texts(
                items.compactMap { item -> String? in
                    if case .text(let text) = item { text } else { nil }
                })
        default: return nil
        }
        guard count == items.count else { return nil }
    }

    /// The number of items.
    package var count: Int {
        switch self {
        case .integers(let numbers): numbers.count
        case .texts(let texts): texts.count
        }
    }
}
