internal import Core
internal import TensorFiles

/// The location of a tensor to import.
enum TensorLocation: Sendable, Equatable {
    case npy(String)
    case safetensors(String, name: String)
    /// A file of `torch.save` with a single tensor.
    case torch(String, isTransposed: Bool = false)

    /// Derives the location from a path: a torch file for the suffixes `.pt` and `.pth`, otherwise a `.npy` file.
    init(path: String) {
        self = path.hasSuffix(".pt") || path.hasSuffix(".pth") ? .torch(path) : .npy(path)
    }

    var path: String {
        switch self {
        case .npy(let path), .safetensors(let path, _), .torch(let path, _): path
        }
    }

    /// Calls `body` with a view of the tensor and a function that releases its memory pages.
    ///
    /// - Throws: `noInput` or `badData` if there is no such tensor, and errors of `body`.
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
            guard let transposed = tensor.transposed() else {
                throw .badData(
                    path, found: "a tensor of the shape \(tensor.shape)", expected: "two axes",
                    remedy: "use another file")
            }
            return try body(transposed.view) {}
        }
    }

    func description() throws(Fault) -> (shape: [Int], type: ElementType) {
        try withTensor { tensor, _ throws(Fault) in (tensor.shape, tensor.type) }
    }

    /// Reads a one-dimensional tensor of integers.
    func numbers() throws(Fault) -> [Int] {
        try withTensor { tensor, _ throws(Fault) in
            guard tensor.shape.count == 1 else {
                throw Fault.badData(
                    tensor.source, found: "the shape \(tensor.shape)", expected: "a one-dimensional array of integers",
                    remedy: "save one number per row")
            }
            return try tensor.integers()
        }
    }
}
