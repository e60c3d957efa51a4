/// What a pickle may hold here: containers, plain values, and the pieces of which torch rebuilds tensors.
///
/// Containers are places in the unpickler's tables, so that a deep or cyclic structure needs no recursion to be freed.
enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int)
    /// An integer past 64 bits, as its little-endian bytes.
    case longInteger([UInt8])
    case text(String)
    /// A plain value that nobody asks for: a floating-point number, a byte string.
    case plain
    case list(Int)
    case tuple(Int)
    case dictionary(Int)
    case callable(PickleCallable)
    case storageType(ElementType)
    case storage(Int)
    case tensor(Int)
    /// A class of a TorchScript archive's own program.
    case recordType
    case record(Int)
}

/// The only functions that a pickle may call; none of them is code of the file.
enum PickleCallable {
    case orderedDictionary, size, rebuildTensor, rebuildTensorV2, rebuildParameter
    /// TorchScript's marks of a value's type, which leave the value as it is.
    case typedList, typeTag
}

/// Bytes that tensors share: an entry of the archive.
struct TorchStorage {
    let key: String
    let type: ElementType
    /// Elements, as the pickle declares them.
    let count: Int
}

/// A tensor as a window on a storage; offset and strides count elements and have been checked against the storage.
struct TorchTensor {
    let storage: Int
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}

/// The names that a pickle may mention, and what they stand for.
enum PickleGlobal {
    static func value(module: String, name: String) -> PickleValue? {
        switch (module, name) {
        case ("collections", "OrderedDict"): .callable(.orderedDictionary)
        case ("torch", "Size"): .callable(.size)
        case ("torch._utils", "_rebuild_tensor"): .callable(.rebuildTensor)
        case ("torch._utils", "_rebuild_tensor_v2"): .callable(.rebuildTensorV2)
        case ("torch._utils", "_rebuild_parameter"): .callable(.rebuildParameter)
        case ("torch.storage", "UntypedStorage"): .storageType(.uint8)
        case ("torch.jit._pickle", "build_intlist"), ("torch.jit._pickle", "build_doublelist"),
            ("torch.jit._pickle", "build_boollist"), ("torch.jit._pickle", "build_tensorlist"):
            .callable(.typedList)
        case ("torch.jit._pickle", "restore_type_tag"): .callable(.typeTag)
        case ("__torch__", _): .recordType
        case _ where module.hasPrefix("__torch__."): .recordType
        case ("torch", _), ("torch.cuda", _): storageTypes[name].map { .storageType($0) }
        default: nil
        }
    }

    private static let storageTypes: [String: ElementType] = [
        "HalfStorage": .float16, "BFloat16Storage": .bfloat16, "FloatStorage": .float32, "DoubleStorage": .float64,
        "CharStorage": .int8, "ByteStorage": .uint8, "ShortStorage": .int16, "IntStorage": .int32,
        "LongStorage": .int64, "BoolStorage": .bool,
    ]
}
