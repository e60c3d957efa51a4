/// A supported value in a pickle: a container, a plain value, or a part of a tensor.
///
/// Containers are indices into the unpickler's tables, so that deep or cyclic structures are freed without recursion.
enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int)
    /// An integer of more than 64 bits, as little-endian bytes.
    case longInteger([UInt8])
    case text(String)
    /// A plain value that is ignored, such as a floating-point number or a byte string.
    case plain
    case list(Int)
    case tuple(Int)
    case dictionary(Int)
    case callable(PickleCallable)
    /// A class or function for values other than tensors, which are ``plain``; it is never called.
    case opaque
    case storageType(ElementType)
    case storage(Int)
    case tensor(Int)
    /// A class defined by a TorchScript archive.
    case recordType
    case record(Int)
}

/// A function that a pickle may call; none is code of the file.
enum PickleCallable {
    case orderedDictionary, size, rebuildTensor, rebuildTensorV2, rebuildParameter
    /// TorchScript's type annotations, which do not change the value.
    case typedList, typeTag
}

/// The memory behind one or more tensors: an entry of the archive.
struct TorchStorage {
    let key: String
    let type: ElementType
    /// The declared number of elements.
    let count: Int
}

/// A tensor as a strided view of a storage, checked to be within it; offset and strides count elements.
struct TorchTensor {
    let storage: Int
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}

/// The globals that a pickle may refer to.
enum PickleGlobal {
    /// Returns the value of an allowed global; nil for any other.
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
        case _ where opaqueNames.contains("\(module).\(name)"): .opaque
        case ("__torch__", _): .recordType
        case _ where module.hasPrefix("__torch__."): .recordType
        case ("torch", _), ("torch.cuda", _): storageTypes[name].map { .storageType($0) }
        default: nil
        }
    }

    /// Classes and functions of values that training code saves beside a model's tensors.
    private static let opaqueNames: Set = [
        "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype", "_codecs.encode",
        "argparse.Namespace", "pathlib.PosixPath", "torch.device", "builtins.set", "__builtin__.set",
        "lightning.fabric.utilities.data.AttributeDict", "lightning_fabric.utilities.data.AttributeDict",
        "pytorch_lightning.utilities.parsing.AttributeDict", "lightning.pytorch.utilities.parsing.AttributeDict",
        "torch.float16", "torch.bfloat16", "torch.float32", "torch.float64",
    ]

    private static let storageTypes: [String: ElementType] = [
        "HalfStorage": .float16, "BFloat16Storage": .bfloat16, "FloatStorage": .float32, "DoubleStorage": .float64,
        "CharStorage": .int8, "ByteStorage": .uint8, "ShortStorage": .int16, "IntStorage": .int32,
        "LongStorage": .int64, "BoolStorage": .bool,
    ]
}
