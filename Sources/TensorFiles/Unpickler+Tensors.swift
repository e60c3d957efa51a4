internal import Core

// The instructions that rebuild tensors: globals, storages, and the allowed calls.
extension Unpickler {
    mutating func pushGlobal(module: String, name: String) throws(Fault) {
        guard let value = PickleGlobal.value(module: module, name: name) else {
            // The name is untrusted and must not contain terminal control characters.
            let printable = "\(module).\(name)".utf8.prefix(200).map {
                (32 ..< 127).contains($0) ? $0 : UInt8(ascii: "?")
            }
            throw refusal(of: String(decoding: printable, as: UTF8.self))
        }
        stack.append(value)
    }

    /// Returns the error for a global that is not allowed, with the advice for the library that it belongs to.
    private func refusal(of global: String) -> Fault {
        let library: (objects: String, remedy: Remedy)? =
            switch global.prefix(while: { $0 != "." }) {
            case "numpy": ("a pickled NumPy array", "save it with numpy.save, or several with numpy.savez")
            case "joblib": ("arrays saved by joblib", "save them with numpy.savez")
            case "pandas": ("a pickled pandas object", "save its columns with numpy.savez, as table[name].to_numpy()")
            case "sklearn": ("a pickled scikit-learn object", "save the features and labels with numpy.savez")
            case "scipy": ("a pickled SciPy object", "save it as an array with numpy.save")
            default: nil
            }
        guard let library else { return unsupported("the global '\(global)'") }
        return .badData(
            path, found: "\(library.objects) ('\(global)')",
            expected: "only tensors, plain values, lists, and dictionaries",
            remedy: library.remedy + " (no code in the file was executed)")
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
        storages.append(TorchStorage(key: key, type: type, count: count))
        return .storage(storages.count - 1)
    }

    mutating func reduce() throws(Fault) {
        let pair = try pop(2)
        switch pair[0] {
        case .recordType, .opaque:
            stack.append(try newObject(of: pair))
            return
        default: break
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

    /// Sets the attributes of an object; those of dictionaries and plain values are ignored.
    mutating func build() throws(Fault) {
        let attributes = try pop()
        switch try top() {
        case .dictionary, .plain: break
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
            let reach = (extent - 1).multipliedReportingOverflow(by: stride)
            let sum = last.addingReportingOverflow(reach.partialValue)
            hasOverflown = hasOverflown || reach.overflow || sum.overflow
            last = sum.partialValue
        }
        let available = storages[storage].count
        guard count == 0 || (!hasOverflown && last < available) else {
            throw unsupported(
                "a tensor \(TensorShape.text(shape)) with strides \(TensorShape.text(strides)) from element \(offset)",
                expected: "elements within its storage of \(available)")
        }
        tensors.append(TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides))
        return .tensor(tensors.count - 1)
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard let items = items(of: value), items.count <= TensorShape.maximumRank else { return nil }
        let numbers = items.compactMap { item -> Int? in
            if case .integer(let number) = item { number } else { nil }
        }
        return numbers.count == items.count ? numbers : nil
    }
}

// Objects of classes defined by a TorchScript archive, whose code is never read.
extension Unpickler {
    /// Whether the stack holds a class whose objects can be read, and its arguments.
    var isClassNext: Bool {
        guard stack.count - (marks.last ?? 0) >= 2 else { return false }
        return switch stack[stack.count - 2] {
        case .recordType, .opaque: true
        default: false
        }
    }

    /// Creates an object without attributes from a class and its arguments, which must be empty for one that the
    /// archive defines.
    mutating func newObject(of pair: [PickleValue]) throws(Fault) -> PickleValue {
        if case .opaque = pair[0] {
            guard case .tuple = pair[1] else { throw unsupported("a call without arguments") }
            return .plain
        }
        guard case .tuple(0) = pair[1] else {
            throw unsupported("an object created with arguments", expected: Self.plainModules)
        }
        records.append(nil)
        return .record(records.count - 1)
    }

    /// Sets the attributes of an object, given as a dictionary.
    mutating func build(record: Int, _ attributes: PickleValue) throws(Fault) {
        guard case .dictionary(let index) = attributes else {
            throw unsupported("an object with packed state, as in quantized modules", expected: Self.plainModules)
        }
        guard records[record] == nil else { throw unsupported("an object built twice", expected: Self.plainModules) }
        records[record] = index
    }

    /// Returns the list or the value of a TorchScript type annotation.
    func typedValue(_ arguments: [PickleValue], isTag: Bool) throws(Fault) -> PickleValue {
        if isTag, arguments.count == 2, case .text = arguments[1] { return arguments[0] }
        if !isTag, arguments.count == 1, case .list = arguments[0] { return arguments[0] }
        throw unsupported("an unknown form of type annotation")
    }

    private static var plainModules: String { "modules with named attributes" }
}
