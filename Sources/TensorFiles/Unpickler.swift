internal import Core

/// A safe reader of the pickles written by `torch.save`.
///
/// A pickle is a program for a stack machine. This machine supports the instructions that build containers and plain
/// values, and the globals listed in ``PickleGlobal``; any other global is rejected by name before it can be called.
/// Objects of classes defined by a TorchScript archive become records of attributes. Each instruction adds at most one
/// value, so memory is bounded by the pickle's length.
struct Unpickler: ~Copyable, ~Escapable {
    let path: String
    let bytes: Span<UInt8>
    /// The offset of the next instruction.
    var offset: Int

    var stack: [PickleValue] = []
    var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    /// The lists and tuples; the first is the empty tuple.
    private(set) var sequences: [[PickleValue]] = [[]]
    private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [TorchStorage] = []
    var tensors: [TorchTensor] = []
    /// The index of each TorchScript object's dictionary of attributes; nil before they are set.
    var records: [Int?] = []
    private var instructionCount = 0

    /// The maximum number of instructions; a model's state needs about 35 per tensor.
    static let maximumInstructionCount = 2_000_000

    /// Creates a reader at `offset` of `bytes`; `path` names the file in errors.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, from offset: Int = 0, path: String) {
        self.path = path
        self.bytes = bytes
        self.offset = offset
    }

    /// Reads one pickle and returns its value; the next pickle, if any, starts at ``offset``.
    ///
    /// - Throws: `badData` for the first unsupported instruction or global.
    mutating func load() throws(Fault) -> PickleValue {
        stack.removeAll()
        marks.removeAll()
        memo.removeAll()
        while true {
            try countInstructions(1)
            let code = try byte()
            if code == UInt8(ascii: ".") {
                guard marks.isEmpty else { throw unsupported("a pickle that ends in a container") }
                return try pop()
            }
            try execute(code)
        }
    }

    /// Adds to the number of executed instructions, which is limited.
    mutating func countInstructions(_ count: Int) throws(Fault) {
        instructionCount += count
        guard instructionCount <= Self.maximumInstructionCount else {
            throw unsupported("more than \(grouped(Self.maximumInstructionCount)) pickle instructions")
        }
    }

    private mutating func execute(_ code: UInt8) throws(Fault) {
        switch code {
        case 0x80: _ = try byte()  // PROTO
        case 0x95: _ = try take(8)  // FRAME
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popMark()
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x8F: stack.append(.plain)  // EMPTY_SET
        case 0x90: _ = try popMark()  // ADDITEMS
        case 0x88: stack.append(.boolean(true))
        case 0x89: stack.append(.boolean(false))
        case UInt8(ascii: "]"): stack.append(addList([]))
        case UInt8(ascii: "l"): stack.append(addList(try popMark()))
        case UInt8(ascii: ")"): stack.append(.tuple(0))
        case UInt8(ascii: "t"): stack.append(addTuple(try popMark()))
        case 0x85 ... 0x87: stack.append(addTuple(try pop(Int(code - 0x84))))
        case UInt8(ascii: "a"): try appendItems(try pop(1))
        case UInt8(ascii: "e"): try appendItems(try popMark())
        case UInt8(ascii: "}"): stack.append(addDictionary())
        case UInt8(ascii: "d"):
            let items = try popMark()
            stack.append(addDictionary())
            try setItems(items)
        case UInt8(ascii: "s"): try setItems(try pop(2))
        case UInt8(ascii: "u"): try setItems(try popMark())
        case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
        case UInt8(ascii: "r"): memo[try length(4)] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): stack.append(try recall(Int(try byte())))
        case UInt8(ascii: "j"): stack.append(try recall(try length(4)))
        case UInt8(ascii: "c"): try pushGlobal(module: try line(), name: try line())
        case 0x93:
            let names = try pop(2)
            guard case .text(let module) = names[0], case .text(let name) = names[1] else {
                throw unsupported("a global whose name is not text")
            }
            try pushGlobal(module: module, name: name)
        case UInt8(ascii: "Q"): stack.append(try storage(for: try pop()))
        case UInt8(ascii: "R"): try reduce()
        case 0x81 where isClassNext: stack.append(try newObject(of: try pop(2)))
        case UInt8(ascii: "b"): try build()
        default:
            guard let value = try plainValue(code) else {
                let digits = String(code, radix: 16)
                throw unsupported("the unsupported pickle instruction 0x\(digits) at byte \(offset - 1)")
            }
            stack.append(value)
        }
    }

    // MARK: The stack

    func top() throws(Fault) -> PickleValue {
        guard let value = stack.last, stack.count > (marks.last ?? 0) else {
            throw unsupported("a pickle with an empty stack")
        }
        return value
    }

    mutating func pop() throws(Fault) -> PickleValue { try pop(1)[0] }

    mutating func pop(_ count: Int) throws(Fault) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw unsupported("a pickle with an empty stack") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popMark() throws(Fault) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw unsupported("a pickle that closes a container never opened") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private func recall(_ key: Int) throws(Fault) -> PickleValue {
        guard let value = memo[key] else { throw unsupported("a pickle that recalls a value never stored") }
        return value
    }

    // MARK: Containers

    func items(of value: PickleValue) -> [PickleValue]? {
        switch value {
        case .list(let index), .tuple(let index): sequences[index]
        default: nil
        }
    }

    private mutating func addTuple(_ items: [PickleValue]) -> PickleValue {
        guard !items.isEmpty else { return .tuple(0) }
        sequences.append(items)
        return .tuple(sequences.count - 1)
    }

    private mutating func addList(_ items: [PickleValue]) -> PickleValue {
        sequences.append(items)
        return .list(sequences.count - 1)
    }

    mutating func addDictionary() -> PickleValue {
        dictionaries.append([])
        return .dictionary(dictionaries.count - 1)
    }

    private mutating func appendItems(_ items: [PickleValue]) throws(Fault) {
        guard case .list(let index) = try top() else { throw unsupported("items for a value that is not a list") }
        sequences[index].append(contentsOf: items)
    }

    mutating func setItems(_ items: [PickleValue]) throws(Fault) {
        // The items of a dictionary of another class.
        if case .plain = try top(), items.count % 2 == 0 { return }
        guard case .dictionary(let index) = try top(), items.count % 2 == 0 else {
            throw unsupported("items for a value that is not a dictionary")
        }
        for pair in stride(from: 0, to: items.count, by: 2) {
            dictionaries[index].append((items[pair], items[pair + 1]))
        }
    }

    /// Returns the error for a pickle with unsupported content.
    func unsupported(
        _ found: String, expected: String = "only tensors, plain values, lists, and dictionaries"
    ) -> Fault {
        .badData(
            path, found: found, expected: expected,
            remedy: "save only the tensors with torch.save (no code in the file was executed)")
    }
}
