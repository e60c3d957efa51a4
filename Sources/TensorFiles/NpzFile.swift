public import Core

/// An archive of arrays written by `numpy.savez` or `numpy.savez_compressed`.
public struct NpzFile: ~Copyable {
    /// The path of the file.
    public let path: String
    /// The names of all arrays in the order of the archive.
    public let names: [String]
    private let file: MappedFile

    private static let suffix = ".npy"

    /// Maps the file at `path` and reads the names of its arrays.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is no zip archive of `.npy` members.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        names = try Self.names(in: file.bytes, path: path)
        self.path = path
        self.file = file
    }

    private static func names(in file: RawSpan, path: String) throws(Fault) -> [String] {
        let limit = TorchLayout.memoryLimit(fileSize: file.byteCount)
        let members = try ZipArchive(file, path: path, entryLimit: limit).names()
        let names = members.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
        guard !names.isEmpty else {
            throw .badData(
                path, found: "a zip archive without arrays (\(members.isEmpty ? "empty" : listed(members)))",
                expected: "a file written by numpy.savez", remedy: "check that it is a .npz file")
        }
        return names
    }

    /// Reads the array called `name` into memory.
    ///
    /// - Throws: `badData` if there is no such array of numbers, it is too large, or its member is damaged.
    public borrowing func tensor(_ name: String) throws(Fault) -> Tensor {
        let source = source(of: name)
        let bytes = try read(name)
        let array = try unsafe NpyArray(bytes.span.bytes, path: source)
        if let rearranged = array.rearranged { return rearranged }
        return Tensor(Array(bytes[array.range]), shape: array.shape, type: array.type, source: source)
    }

    /// Reads the one-dimensional array of strings called `name`.
    public borrowing func strings(_ name: String) throws(Fault) -> [String] {
        let bytes = try read(name)
        return try unsafe NpyArray.strings(bytes.span.bytes, path: source(of: name))
    }

    /// Parses the header of the array called `name`, without its elements.
    borrowing func header(of name: String) throws(Fault) -> NpyHeader {
        let start = try read(name, upTo: NpyHeader.maximumLength + 12)
        return try unsafe NpyHeader(start.span.bytes, path: source(of: name))
    }

    private func source(of name: String) -> String { "\(path): \(name)" }

    /// Reads the member of an array, or its first `count` bytes.
    private borrowing func read(_ name: String, upTo count: Int? = nil) throws(Fault) -> [UInt8] {
        let limit = TorchLayout.memoryLimit(fileSize: file.byteCount)
        let archive = try ZipArchive(file.bytes, path: path, entryLimit: limit)
        guard let count else { return try archive.read(name + Self.suffix) }
        return try archive.read(name + Self.suffix, upTo: count)
    }
}
