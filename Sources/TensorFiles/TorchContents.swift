internal import Artifacts

/// The tensors in a pickled value by name: `a.b.0` is the first item of the list `b` in the dictionary `a`.
struct TorchContents {
    private(set) var tensors: [String: TorchTensor] = [:]
    private(set) var storages: [TorchStorage]
    private let path: String
    private var visitCount = 0
    private var nameBytes = 0

    /// A cyclic or heavily shared structure would never end, or would end in more names than memory holds.
    static let maximumDepth = 64
    static let maximumVisitCount = 200_000
    static let maximumNameBytes = 1 << 24

    /// Walks through `value`, which `unpickler` has read. One bare tensor has the name "".
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
        guard depth <= Self.maximumDepth, visitCount <= Self.maximumVisitCount, nameBytes <= Self.maximumNameBytes
        else {
            throw unpickler.fault("containers nested without end", expected: "at most \(Self.maximumDepth) levels")
        }
        switch value {
        case .tensor(let index):
            guard tensors.updateValue(unpickler.tensors[index], forKey: name) == nil else {
                throw unpickler.fault("the name '\(name)' twice", expected: "each tensor's name once")
            }
        case .list(let index), .tuple(let index):
            for place in unpickler.sequences[index].indices {
                let item = unpickler.sequences[index][place]
                try visit(item, name: join(name, String(place)), depth: depth + 1, unpickler)
            }
        case .dictionary(let index):
            for place in unpickler.dictionaries[index].indices {
                let (key, item) = unpickler.dictionaries[index][place]
                try visit(item, name: join(name, try text(of: key, unpickler)), depth: depth + 1, unpickler)
            }
        case .none, .boolean, .integer, .longInteger, .text, .plain, .callable, .storageType, .storage: break
        }
    }

    private func text(of key: PickleValue, _ unpickler: borrowing Unpickler) throws(Fault) -> String {
        switch key {
        case .text(let text) where text.utf8.count <= 1024: text
        case .integer(let number): String(number)
        default: throw unpickler.fault("a dictionary key that is neither short text nor a number")
        }
    }

    private func join(_ prefix: String, _ part: String) -> String { prefix.isEmpty ? part : "\(prefix).\(part)" }
}
