package import Core

/// The names, shapes, and types of the arrays in a file of any supported format.
package struct ArrayListing: Sendable {
    /// The format of a file.
    package enum Format: Sendable {
        case npy, npz, safetensors, torch
    }

    /// An array in a file.
    package struct Entry: Sendable, Equatable {
        /// The elements of an array.
        package enum Content: Sendable, Equatable {
            case numbers(ElementType)
            case texts
            /// Elements that are not read, with the reason.
            case other(Fault)
        }

        /// The name; empty in a file of a single array without a name.
        package let name: String
        /// The lengths of the axes.
        package let shape: [Int]
        /// The type of the elements.
        package let content: Content

        /// Creates an entry.
        package init(name: String, shape: [Int], content: Content) {
            self.name = name
            self.shape = shape
            self.content = content
        }
    }

    /// The path of the file.
    package let path: String
    /// The format of the file.
    package let format: Format
    /// The arrays, in the order of the file or sorted by name.
    package let entries: [Entry]

    /// Lists the arrays of the file at `path`, whose format follows from its first bytes or else its suffix.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is damaged or of no supported format.
    package init(path: String) throws(Fault) {
        self.path = path
        format = try Self.format(of: path)
        switch format {
        case .npy:
            let file = try MappedFile(path: path)
            entries = [Entry("", try NpyHeader(file.bytes, path: path))]
        case .npz:
            let file = try NpzFile(path: path)
            entries = try file.names.map { name throws(Fault) in
                do throws(Fault) { return Entry(name, try file.header(of: name)) } catch {
                    return Entry(name: name, shape: [], content: .other(error))
                }
            }
        case .safetensors:
            let file = try SafetensorsFile(path: path)
            entries = file.names.map { name in
                do throws(Fault) { return Entry(try file.description(of: name)) } catch {
                    return Entry(name: name, shape: [], content: .other(error))
                }
            }
        case .torch:
            let file = try TorchFile(path: path)
            let tensors = try file.names.map { name throws(Fault) in Entry(try file.description(of: name)) }
            entries = (tensors + file.lists.map { Entry($0.key, $0.value) }).sorted { $0.name < $1.name }
        }
    }

    private static func format(of path: String) throws(Fault) -> Format {
        let file = try MappedFile(path: path)
        let bytes = Span<UInt8>(_bytes: file.bytes)
        func starts(with signature: [UInt8]) -> Bool {
            signature.count <= bytes.count && signature.indices.allSatisfy { bytes[$0] == signature[$0] }
        }
        if starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) { return .npy }
        let suffix = path.split(separator: ".").last.map(String.init)
        if starts(with: [0x50, 0x4B, 3, 4]) {
            if suffix == "npz" { return .npz }
            let archive = try ZipArchive(
                file.bytes, path: path, entryLimit: TorchLayout.memoryLimit(fileSize: file.byteCount))
            let names = archive.names()
            let isTorch = names.contains { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
            return !isTorch && names.contains { $0.hasSuffix(".npy") } ? .npz : .torch
        }
        // A header of JSON after its length.
        if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), !starts(with: [0x80]) || suffix == "safetensors" {
            return .safetensors
        }
        if starts(with: [0x80]) { return .torch }
        switch suffix {
        case "npz": return .npz
        case "safetensors": return .safetensors
        case "pt", "pth": return .torch
        default: break
        }
        if let other = others.first(where: { starts(with: Array($0.signature)) }) {
            throw .badData(
                path, found: other.name, expected: "a .npy, .npz, .pt, or .safetensors file", remedy: other.remedy)
        }
        return .npy
    }

    /// The beginnings of files of other formats in which features are kept.
    private static let others: [(signature: [UInt8], name: String, remedy: Remedy)] = [
        ([0x89] + "HDF".utf8, "an HDF5 file", saveInPython),
        (Array("ARROW1".utf8), "an Arrow file", saveInPython), (Array("MATLAB".utf8), "a MATLAB file", saveInPython),
        ([0x1F, 0x8B], "a file compressed by gzip", "decompress it"),
        (Array("fewshot".utf8), "a feature file", "train on its folder, or export it as .npy first"),
    ]
    private static let saveInPython: Remedy = "read it in Python and save its arrays with numpy.savez"

    /// Calls `body` with a view of the array of numbers called `name` and a function that releases its memory pages.
    ///
    /// With `isTransposed` the view is of a copy with the two axes exchanged.
    ///
    /// - Throws: `badData` if it is damaged or has no numbers, and errors of `body`.
    package func withTensor<Result>(
        _ name: String, isTransposed: Bool = false, _ body: (TensorView, _ release: () -> Void) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        switch format {
        case .npy:
            let file = try NpyFile(path: path)
            guard !isTransposed else {
                let transposed = file.tensor.transposed()
                return try body(transposed.view) {}
            }
            let rows = file.shape.first ?? 0
            return try body(file.tensor) { file.release(rows: 0 ..< rows) }
        case .npz:
            let stored = try NpzFile(path: path).tensor(name)
            let tensor = isTransposed ? stored.view.transposed() : stored
            return try body(tensor.view) {}
        case .safetensors:
            let file = try SafetensorsFile(path: path)
            let tensor = try file.tensor(name)
            guard !isTransposed else {
                let transposed = tensor.transposed()
                return try body(transposed.view) {}
            }
            let rows = tensor.shape.first ?? 0
            return try body(tensor) { file.release(name, rows: 0 ..< rows) }
        case .torch:
            let file = try TorchFile(path: path)
            if case .integers(let numbers)? = file.lists[name] {
                let tensor = Tensor(numbers, shape: [numbers.count], source: "\(path): \(name)")
                return try body(tensor.view) {}
            }
            let stored = try file.tensor(name)
            let tensor = isTransposed ? stored.view.transposed() : stored
            return try body(tensor.view) {}
        }
    }

    /// Reads the one-dimensional array of texts called `name`.
    package func texts(_ name: String) throws(Fault) -> [String] {
        switch format {
        case .npy: return try NpyFile.strings(path: path)
        case .npz: return try NpzFile(path: path).strings(name)
        case .safetensors: break
        case .torch: if case .texts(let texts)? = try TorchFile(path: path).lists[name] { return texts }
        }
        throw .badData(
            path, found: "no list of texts '\(name)'", expected: "one", remedy: "use another array")
    }
}

extension ArrayListing.Entry {
    fileprivate init(_ name: String, _ header: NpyHeader) {
        let content: Content =
            switch header.content {
            case .elements(let type, _): .numbers(type)
            case .text, .byteText: .texts
            }
        self.init(name: name, shape: header.shape, content: content)
    }

    fileprivate init(_ tensor: TensorDescription) {
        self.init(name: tensor.name, shape: tensor.shape, content: .numbers(tensor.type))
    }

    fileprivate init(_ name: String, _ list: TorchList) {
        let content: Content =
            switch list {
            case .integers: .numbers(.int64)
            case .texts: .texts
            }
        self.init(name: name, shape: [list.count], content: content)
    }
}
