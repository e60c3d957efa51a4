internal import Core

// Objects of classes defined by a TorchScript archive, whose code is never read.
extension Unpickler {
    /// Whether the stack holds a class defined by the archive and its arguments.
    var isClassNext: Bool {
        guard stack.count - (marks.last ?? 0) >= 2, case .recordType = stack[stack.count - 2] else { return false }
        return true
    }

    /// Creates an object without attributes from a class and its arguments, which must be empty.
    mutating func newRecord(of pair: [PickleValue]) throws(Fault) -> PickleValue {
        guard case .tuple(0) = pair[1] else {
            throw unsupported("an object created with arguments", expected: Self.plainModules)
        }
        return addRecord()
    }

    /// Sets the attributes of an object, given as a dictionary.
    mutating func build(record: Int, _ attributes: PickleValue) throws(Fault) {
        guard case .dictionary(let index) = attributes else {
            throw unsupported("an object with packed state, as in quantized modules", expected: Self.plainModules)
        }
        guard records[record] == nil else { throw unsupported("an object built twice", expected: Self.plainModules) }
        setAttributes(of: record, to: index)
    }

    /// Returns the list or the value of a TorchScript type annotation.
    func typedValue(_ arguments: [PickleValue], isTag: Bool) throws(Fault) -> PickleValue {
        guard arguments.count == (isTag ? 2 : 1) else { throw unsupported("an unknown form of type annotation") }
        if isTag {
            guard case .text = arguments[1] else { throw unsupported("an unknown form of type annotation") }
        } else {
            guard case .list = arguments[0] else { throw unsupported("an unknown form of type annotation") }
        }
        return arguments[0]
    }

    private static var plainModules: String { "modules with named attributes" }
}
