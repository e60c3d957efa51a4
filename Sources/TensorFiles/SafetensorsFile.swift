public import Core

/// A memory-mapped `.safetensors` file, whose whole header is checked when it is opened.
public struct SafetensorsFile: ~Copyable {
    /// The path of the file.
    public let path: String
    /// The names of all tensors, sorted.
    public let names: [String]
    /// The entries of `__metadata__`.
    public let metadata: [String: String]
    private let file: MappedFile
    private let header: SafetensorsHeader

    /// Maps the file at `path`.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if its header or size is invalid.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        let header = try SafetensorsHeader(file.bytes, path: path)
        self.path = path
        self.names = header.entries.keys.sorted()
        self.metadata = header.metadata
        self.header = header
        self.file = file
    }

    /// Returns a view of the tensor called `name`.
    ///
    /// - Throws: `badData` if there is no such tensor or its type is unsupported.
    @_lifetime(borrow self)
    public borrowing func tensor(_ name: String) throws(Fault) -> TensorView {
        let (entry, type) = try lookUp(name)
        let start = header.dataOffset + entry.range.lowerBound
        let bytes = file.bytes.extracting(start ..< start + entry.range.count)
        return TensorView(bytes, shape: entry.shape, type: type, source: "\(path): \(name)")
    }

    /// Returns the shape and type of the tensor called `name`.
    public borrowing func description(of name: String) throws(Fault) -> TensorDescription {
        let (entry, type) = try lookUp(name)
        return TensorDescription(name: name, shape: entry.shape, type: type)
    }

    /// Releases the memory pages of the rows `rows` of a tensor.
    public borrowing func release(_ name: String, rows: Range<Int>) {
        guard let entry = header.entries[name], let count = entry.shape.first, count > 0 else { return }
        let start = header.dataOffset + entry.range.lowerBound
        let rowBytes = entry.range.count / count
        file.release(start + rows.lowerBound * rowBytes ..< start + rows.upperBound * rowBytes)
    }

    /// Releases all memory pages; later accesses read the file again.
    public borrowing func releasePages() { file.release(0 ..< file.byteCount) }

    /// Computes the SHA-256 of the whole file.
    public borrowing func digest() -> Digest { Digest(of: file.bytes) }

    private borrowing func lookUp(_ name: String) throws(Fault) -> (SafetensorsHeader.Entry, ElementType) {
        guard let entry = header.entries[name] else {
            throw .badData(
                path, found: "no tensor '\(name)'", expected: names.isEmpty ? "any tensor" : "one of \(listed(names))",
                remedy: "use one of these names")
        }
        guard let type = ElementType.allCases.first(where: { $0.safetensorsCode == entry.code }) else {
            throw .badData(
                path, found: "tensor '\(name)' of type \(entry.code)",
                expected: "F16, BF16, F32, F64, I8, I16, I32, I64, U8, or BOOL", remedy: "convert it and save it again")
        }
        return (entry, type)
    }
}
