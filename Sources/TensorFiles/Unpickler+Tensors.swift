internal import Core

// The instructions that rebuild tensors: globals, storages, and the allowed calls.
extension Unpickler {
    /// Pushes the value of an allowed global.
    mutating func pushGlobal(module: String, name: String) throws(Fault) {
        guard let value = PickleGlobal.value(module: module, name: name) else {
            // The name is untrusted and must not contain terminal control characters.
            let printable = "\(module).\(name)".utf8.prefix(200).map {
                (32 ..< 127).contains($0) ? $0 : UInt8(ascii: "?")
            }
            throw unsupported("the global '\(String(decoding: printable, as: UTF8.self))'")
        }
        stack.append(value)
    }

    /// Returns the storage of a persistent identifier `('storage', type, key, location, count)`.
    mutating func storage(for identifier: PickleValue) throws(Fault) -> PickleValue {
        guard case .tuple(let index) = identifier, (5 ... 6).contains(sequences[index].count) else {
            throw unsupported("a persistent identifier of an unknown form")
        }
        let parts = sequences[index]
        guard case .text("storage") = parts[0], case .storageType(let type) = parts[1], case .text(let key) = parts[2],
            case .text = parts[3], case .integer(let count) = parts[4], count >= 0
        else { throw unsupported("a persistent identifier of an unknown form") }
        if parts.count == 6 {
            guard case .none = parts[5] else { throw unsupported("a storage that is a view of another") }
        }
        return addStorage(TorchStorage(key: key, type: type, count: count))
    }

    /// Calls one of the allowed functions.
    mutating func reduce() throws(Fault) {
        let pair = try pop(2)
        if case .recordType = pair[0] {
            stack.append(try newRecord(of: pair))
            return
        }
        guard case .callable(let callable) = pair[0], case .tuple(let index) = pair[1] else {
            throw unsupported("a call of an object that is not a function of torch")
        }
        let arguments = sequences[index]
        switch callable {
        case .orderedDictionary: try reduceDictionary(arguments)
        case .size:
            guard arguments.count == 1, case .tuple = arguments[0] else {
                throw unsupported("a torch.Size without sizes")
            }
            stack.append(arguments[0])
        case .rebuildTensor, .rebuildTensorV2: stack.append(try rebuiltTensor(arguments))
        case .rebuildParameter:
            guard let value = arguments.first, case .tensor = value else {
                throw unsupported("a parameter without tensor")
            }
            stack.append(value)
        case .typedList, .typeTag: stack.append(try typedValue(arguments, isTag: callable == .typeTag))
        }
    }

    /// Sets the attributes of an object; those of dictionaries are ignored.
    mutating func build() throws(Fault) {
        let attributes = try pop()
        switch try top() {
        case .dictionary: break
        case .record(let index): try build(record: index, attributes)
        default: throw unsupported("attributes for a value that is not a dictionary")
        }
    }

    private mutating func reduceDictionary(_ arguments: [PickleValue]) throws(Fault) {
        stack.append(addDictionary())
        guard let argument = arguments.first else { return }
        guard let pairs = items(of: argument) else { throw unsupported("an OrderedDict of an unknown form") }
        // Counts the copied pairs, because one list can be copied by many calls.
        try countInstructions(pairs.count)
        for pair in pairs {
            guard let pair = items(of: pair), pair.count == 2 else {
                throw unsupported("an OrderedDict of an unknown form")
            }
            try setItems(pair)
        }
    }

    private mutating func rebuiltTensor(_ arguments: [PickleValue]) throws(Fault) -> PickleValue {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
            let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count,
            shape.count <= TensorShape.maximumRank
        else { throw unsupported("a tensor of an unknown form") }
        guard let count = TensorShape.elementCount(shape), strides.allSatisfy({ $0 >= 0 }), offset >= 0 else {
            throw unsupported("a tensor of shape \(TensorShape.text(shape))", expected: "sizes that fit 64 bits")
        }
        var last = offset
        var hasOverflown = false
        for (extent, stride) in zip(shape, strides) where count > 0 {
            let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
            let (sum, carry) = last.addingReportingOverflow(reach)
            hasOverflown = hasOverflown || overflow || carry
            last = sum
        }
        let available = storages[storage].count
        guard count == 0 || (!hasOverflown && last < available) else {
            throw unsupported(
                "a tensor \(TensorShape.text(shape)) with strides \(TensorShape.text(strides)) from element \(offset)",
                expected: "elements within its storage of \(available)")
        }
        return addTensor(TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard let items = items(of: value), items.count <= TensorShape.maximumRank else { return nil }
        var numbers: [Int] = []
        for item in items {
            guard case .integer(let number) = item else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
