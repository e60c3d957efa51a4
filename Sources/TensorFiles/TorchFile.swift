public import Core

/// A file written by `torch.save`, in the zip or the older format, or by `torch.jit.save`.
///
/// It holds a tensor, lists and dictionaries of tensors, or a TorchScript module, whose tensors have the names of its
/// `state_dict()`. No code in the file is executed; see ``Unpickler``. Tensors are returned row-major.
public struct TorchFile: ~Copyable {
    /// The path of the file.
    public let path: String
    /// The names of all tensors, sorted; `[""]` for a file that holds a single tensor.
    public let names: [String]
    private let file: MappedFile
    private let contents: TorchContents
    private let layout: TorchLayout

    /// Maps the file at `path` and reads the descriptions of its tensors.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is incomplete or holds objects other than tensors and
    ///   plain values.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        let bytes = Span<UInt8>(_bytes: file.bytes)
        let isZip = bytes.count >= 4 && bytes[0] == 0x50 && bytes[1] == 0x4B && bytes[2] == 3 && bytes[3] == 4
        let layout: TorchLayout
        let contents: TorchContents
        if isZip {
            (layout, contents) = try TorchLayout.readZip(file.bytes, path: path)
        } else if bytes[0] == 0x80 {
            (layout, contents) = try TorchLayout.readLegacy(file.bytes, path: path)
        } else {
            throw .otherContent(
                path, bytes, found: "neither a zip archive nor a pickle", expected: "a file written by torch.save",
                remedy: "check that it is a .pt file")
        }
        self.path = path
        self.names = contents.tensors.keys.sorted()
        self.layout = layout
        self.contents = contents
        self.file = file
    }

    /// Returns the shape and type of the tensor called `name`, "" for a single tensor.
    public borrowing func description(of name: String = "") throws(Fault) -> TensorDescription {
        let tensor = try lookUp(name)
        return TensorDescription(name: name, shape: tensor.shape, type: contents.storages[tensor.storage].type)
    }

    /// Reads the tensor called `name`, "" for a single tensor, into memory in row-major order.
    ///
    /// - Throws: `badData` if there is no such tensor, it is too large, or its entry is damaged.
    public borrowing func tensor(_ name: String = "") throws(Fault) -> Tensor {
        let tensor = try lookUp(name)
        let storage = contents.storages[tensor.storage]
        let width = storage.type.width
        let source = name.isEmpty ? path : "\(path): \(name)"
        let limit = TorchLayout.memoryLimit(fileSize: file.byteCount)
        guard let needed = TensorShape.byteCount(tensor.shape, width: width), needed <= limit else {
            throw .badData(
                source, found: "an expanded tensor \(TensorShape.text(tensor.shape))",
                expected: "at most \(grouped(limit)) bytes in a file of this size", remedy: "save a smaller tensor")
        }
        var bytes: [UInt8]
        switch layout {
        case .zip(let prefix, _):
            let archive = try ZipArchive(file.bytes, path: path, entryLimit: limit)
            bytes = try archive.read("\(prefix)data/\(storage.key)")
            if !tensor.isContiguous(of: bytes.count / width) {
                unsafe bytes = gathered(bytes.span.bytes, tensor, width: width)
            }
        case .legacy(let ranges):
            guard let range = ranges[storage.key] else { preconditionFailure("storage \(storage.key) was checked") }
            bytes = gathered(file.bytes.extracting(range), tensor, width: width)
        }
        if case .zip(_, isBigEndian: true) = layout { swapBytes(&bytes, width: width) }
        return Tensor(bytes, shape: tensor.shape, type: storage.type, source: source)
    }

    /// The lists of integers or of texts by name.
    package var lists: [String: TorchList] { contents.lists }

    /// Releases all memory pages; later accesses read the file again.
    public borrowing func releasePages() { file.release(0 ..< file.byteCount) }

    /// Computes the SHA-256 of the whole file.
    public borrowing func digest() -> Digest { Digest(of: file.bytes) }

    private borrowing func lookUp(_ name: String) throws(Fault) -> TorchTensor {
        guard let tensor = contents.tensors[name] else {
            let known = listed(names.map { "'\($0)'" })
            throw .badData(
                path, found: name.isEmpty ? "several named tensors" : "no tensor '\(name)'",
                expected: name.isEmpty ? "a single tensor" : "one of \(known)",
                remedy: name.isEmpty ? "save one tensor per file (this one has \(known))" : "use one of these names")
        }
        return tensor
    }
}

private func gathered(_ storage: RawSpan, _ tensor: TorchTensor, width: Int) -> [UInt8] {
    gathered(storage, shape: tensor.shape, strides: tensor.strides, offset: tensor.offset, width: width)
}

extension TorchTensor {
    /// Whether the tensor consists of all `count` elements of its storage in their order.
    fileprivate func isContiguous(of count: Int) -> Bool {
        guard offset == 0, TensorShape.elementCount(shape) == count else { return false }
        var step = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            guard stride == step else { return false }
            step *= max(extent, 1)
        }
        return true
    }
}
