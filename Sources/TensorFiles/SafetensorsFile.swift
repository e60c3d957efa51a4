public import Core

/// A `.safetensors` file, mapped; everything its header says is checked before the first tensor is lent.
public struct SafetensorsFile: ~Copyable {
    public let path: String
    /// The names of all tensors, sorted.
    public let names: [String]
    /// The text of `__metadata__`.
    public let metadata: [String: String]
    private let file: MappedFile
    private let header: SafetensorsHeader

    /// Maps the file at `path`.
    ///
    /// - Throws: `noInput` if there is none, `badData` if its header and its size do not fit the format.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        let header = try SafetensorsHeader(file.bytes, path: path)
        self.path = path
        self.names = header.entries.keys.sorted()
        self.metadata = header.metadata
        self.header = header
        self.file = file
    }

    /// Lends the tensor called `name`.
    ///
    /// - Throws: `badData` naming the tensors there are, or a type that this project has not.
    @_lifetime(borrow self)
    public borrowing func tensor(_ name: String) throws(Fault) -> TensorView {
        let (entry, type) = try lookUp(name)
        let start = header.dataOffset + entry.range.lowerBound
        let bytes = file.bytes.extracting(start ..< start + entry.range.count)
        return TensorView(bytes, shape: entry.shape, type: type, source: "\(path): \(name)")
    }

    /// The shape and type of the tensor called `name`.
    public borrowing func description(of name: String) throws(Fault) -> TensorDescription {
        let (entry, type) = try lookUp(name)
        return TensorDescription(name: name, shape: entry.shape, type: type)
    }

    /// Gives the pages of the rows `rows` of a tensor back, once they have been streamed through.
    public borrowing func release(_ name: String, rows: Range<Int>) {
        guard let entry = header.entries[name], let count = entry.shape.first, count > 0 else { return }
        let start = header.dataOffset + entry.range.lowerBound
        let rowBytes = entry.range.count / count
        file.release(start + rows.lowerBound * rowBytes ..< start + rows.upperBound * rowBytes)
    }

    /// Gives all pages back to the page cache; what is asked for later is read again.
    public borrowing func releasePages() { file.release(0 ..< file.byteCount) }

    /// The SHA-256 of the whole file.
    public borrowing func digest() -> Digest { Digest(of: file.bytes) }

    private borrowing func lookUp(_ name: String) throws(Fault) -> (SafetensorsHeader.Entry, ElementType) {
        guard let entry = header.entries[name] else {
            let known = listed(names)
            throw .badData(
                path, found: "no tensor '\(name)'", expected: names.isEmpty ? "any tensor" : "one of \(known)",
                remedy: "name one of them")
        }
        guard let type = ElementType(safetensorsCode: entry.code) else {
            throw .badData(
                path, found: "tensor '\(name)' of type \(entry.code)",
                expected: "F16, BF16, F32, F64, I8, I16, I32, I64, U8 or BOOL", remedy: "convert it and save it again")
        }
        return (entry, type)
    }
}

extension ElementType {
    /// The word of the safetensors format for this type.
    var safetensorsCode: String {
        switch self {
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        case .int8: "I8"
        case .uint8: "U8"
        case .int16: "I16"
        case .int32: "I32"
        case .int64: "I64"
        case .bool: "BOOL"
        }
    }

    init?(safetensorsCode code: String) {
        guard let type = ElementType.allCases.first(where: { $0.safetensorsCode == code }) else { return nil }
        self = type
    }
}
