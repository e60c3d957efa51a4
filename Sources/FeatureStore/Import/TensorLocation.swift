internal import Core
internal import TensorFiles

/// Where a tensor to be imported is.
enum TensorLocation: Sendable, Equatable {
    case npy(String)
    case safetensors(String, name: String)
    /// A file of one bare tensor.
    case torch(String, isTransposed: Bool = false)

    /// The location that a path means by its ending: `.pt` and `.pth` are torch's, all else is `.npy`.
    init(path: String) {
        self = path.hasSuffix(".pt") || path.hasSuffix(".pth") ? .torch(path) : .npy(path)
    }

    /// The file, as the user named it.
    var path: String {
        switch self {
        case .npy(let path), .safetensors(let path, _), .torch(let path, _): path
        }
    }

    /// Lends the tensor to `body`, with a function that gives back the pages it has touched.
    ///
    /// - Throws: `noInput` or `badData` where there is no such tensor; what `body` throws.
    func withTensor<Result>(
        _ body: (TensorView, _ release: () -> Void) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        switch self {
        case .npy(let path):
            let file = try NpyFile(path: path)
            let rows = file.shape.first ?? 0
            return try body(file.tensor) { file.release(rows: 0 ..< rows) }
        case .safetensors(let path, let name):
            let file = try SafetensorsFile(path: path)
            let tensor = try file.tensor(name)
            let rows = tensor.shape.first ?? 0
            return try body(tensor) { file.release(name, rows: 0 ..< rows) }
        case .torch(let path, let isTransposed):
            let file = try TorchFile(path: path)
            let tensor = try file.tensor()
            guard isTransposed else { return try body(tensor.view) {} }
            guard let turned = tensor.transposed() else {
                throw .badData(
                    path, found: "a tensor \(tensor.shape)", expected: "two axes", remedy: "name another file")
            }
            return try body(turned.view) {}
        }
    }

    /// The tensor's shape and type.
    func description() throws(Fault) -> (shape: [Int], type: ElementType) {
        try withTensor { tensor, _ throws(Fault) in (tensor.shape, tensor.type) }
    }

    /// The tensor's whole numbers, which have one axis.
    func numbers() throws(Fault) -> [Int] {
        try withTensor { tensor, _ throws(Fault) in
            guard tensor.shape.count == 1 else {
                throw Fault.badData(
                    tensor.source, found: "the shape \(tensor.shape)", expected: "one axis of whole numbers",
                    remedy: "save it with one number a row")
            }
            return try tensor.integers()
        }
    }
}
