internal import Core

// What TorchScript archives hold besides tensors: objects of classes of their own program, which is never read.
extension Unpickler {
    /// Whether a class of the archive's own is what the next object is of.
    var isClassNext: Bool {
        guard stack.count - (marks.last ?? 0) >= 2, case .recordType = stack[stack.count - 2] else { return false }
        return true
    }

    /// An object without attributes, of a class and its arguments, which are none.
    mutating func newRecord(of pair: [PickleValue]) throws(Fault) -> PickleValue {
        guard case .tuple(0) = pair[1] else { throw fault("an object made of arguments", expected: Self.plainModules) }
        return addRecord()
    }

    /// Gives an object its attributes, which it keeps as a dictionary.
    mutating func build(record: Int, _ attributes: PickleValue) throws(Fault) {
        guard case .dictionary(let index) = attributes else {
            throw fault("an object with packed state, as quantised modules have", expected: Self.plainModules)
        }
        guard records[record] == nil else { throw fault("an object built twice", expected: Self.plainModules) }
        setAttributes(of: record, to: index)
    }

    /// The list that TorchScript says the element type of, or the value that it says the type of.
    func typedValue(_ arguments: [PickleValue], isTag: Bool) throws(Fault) -> PickleValue {
        guard arguments.count == (isTag ? 2 : 1) else { throw fault("a value with a type of an unknown form") }
        if isTag {
            guard case .text = arguments[1] else { throw fault("a value with a type of an unknown form") }
        } else {
            guard case .list = arguments[0] else { throw fault("a value with a type of an unknown form") }
        }
        return arguments[0]
    }

    private static var plainModules: String { "modules with attributes by name" }
}
