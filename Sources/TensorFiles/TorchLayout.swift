internal import Core

/// The locations of the storages in a file written by `torch.save`.
enum TorchLayout {
    /// The zip format, with one entry `PREFIXdata/KEY` per storage.
    case zip(prefix: String, isBigEndian: Bool)
    /// The format before torch 1.6, four pickles followed by the storages, with the byte range per key.
    case legacy([String: Range<Int>])

    /// Returns the maximum size of a tensor or entry in a file of `fileSize` bytes, which protects against zip bombs.
    static func memoryLimit(fileSize: Int) -> Int {
        let (many, overflow) = fileSize.multipliedReportingOverflow(by: 32)
        return overflow ? .max : many + 1 << 24
    }

    /// Reads the pickle of a zip archive and checks the size of each storage's entry.
    static func readZip(_ file: RawSpan, path: String) throws(Fault) -> (TorchLayout, TorchContents) {
        let limit = memoryLimit(fileSize: file.byteCount)
        let archive = try ZipArchive(file, path: path, entryLimit: limit)
        let names = archive.names()
        try rejectOldScripts(names, path: path)
        let pickles = names.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
        guard let name = pickles.first, pickles.count == 1 else {
            throw .badData(
                path, found: "a zip archive with \(pickles.isEmpty ? "no" : "more than one") data.pkl",
                expected: "a file written by torch.save", remedy: "check that it is a .pt file")
        }
        let prefix = String(name.dropLast("data.pkl".count))
        var isBigEndian = false
        if archive.size(of: "\(prefix)byteorder") != nil {
            switch String(decoding: try archive.read("\(prefix)byteorder"), as: UTF8.self) {
            case "little": break
            case "big": isBigEndian = true
            default:
                throw .badData(
                    path, found: "an unknown byte order in '\(prefix)byteorder'", expected: "'little' or 'big'")
            }
        }
        let pickle = try archive.read(name)
        var unpickler = Unpickler(pickle.span, path: path)
        let value = try unpickler.load()
        let contents = try TorchContents(value, of: unpickler, path: path)
        for storage in Set(contents.tensors.values.map(\.storage)).map({ contents.storages[$0] }) {
            let size = archive.size(of: "\(prefix)data/\(storage.key)")
            let (expected, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.width)
            guard let size, !overflow, size == expected else {
                throw damaged(
                    path, "\(size.map { "\(grouped($0)) bytes" } ?? "no bytes") for storage '\(storage.key)'",
                    "\(storage.count) elements of \(storage.type)")
            }
        }
        return (.zip(prefix: prefix, isBigEndian: isBigEndian), contents)
    }

    /// Rejects archives written by `torch.jit.save` before torch 1.3, with a JSON description or a folder of tensors.
    private static func rejectOldScripts(_ names: [String], path: String) throws(Fault) {
        let isOld = names.contains { name in
            let parts = name.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            return parts.count == 1 ? parts.first == "model.json" : parts.first == "tensors"
        }
        guard !isOld else {
            throw .badData(
                path, found: "a TorchScript archive from before torch 1.3",
                expected: "an archive with data.pkl and data/", remedy: "load it with torch.jit.load and save it again")
        }
    }

    /// Reads the four pickles of the older format and locates the storages after them.
    static func readLegacy(_ file: RawSpan, path: String) throws(Fault) -> (TorchLayout, TorchContents) {
        let bytes = Span<UInt8>(_bytes: file)
        var unpickler = Unpickler(bytes, path: path)
        let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        guard case .longInteger(magic) = try unpickler.load(), case .integer(1001) = try unpickler.load() else {
            throw .badData(
                path, found: "a pickle of Python objects", expected: "a file written by torch.save",
                remedy: "save its tensors with torch.save")
        }
        try checkByteOrder(try unpickler.load(), unpickler)
        let value = try unpickler.load()
        let contents = try TorchContents(value, of: unpickler, path: path)
        return (.legacy(try storageRanges(&unpickler, bytes.count, contents, path: path)), contents)
    }

    /// Reads the list of storages and returns the byte range of each key.
    private static func storageRanges(
        _ unpickler: inout Unpickler, _ fileSize: Int, _ contents: TorchContents, path: String
    ) throws(Fault) -> [String: Range<Int>] {
        let list = try unpickler.load()
        guard let keys = unpickler.items(of: list) else {
            throw .badData(path, found: "no list of storages", expected: "a file written by torch.save")
        }
        var widths: [String: Int] = [:]
        for storage in contents.storages { widths[storage.key] = storage.type.width }
        var ranges: [String: Range<Int>] = [:]
        for item in keys {
            guard case .text(let key) = item, let width = widths[key], ranges[key] == nil else {
                throw .badData(path, found: "a duplicate or unused storage", expected: "each used storage once")
            }
            let count = try unpickler.length(8)
            let (size, overflow) = count.multipliedReportingOverflow(by: width)
            guard !overflow, size <= fileSize - unpickler.offset else {
                throw damaged(
                    path, "\(grouped(fileSize - unpickler.offset)) bytes for storage '\(key)'",
                    "\(count) elements of \(width) bytes")
            }
            ranges[key] = unpickler.offset ..< unpickler.offset + size
            unpickler.offset += size
        }
        guard unpickler.offset == fileSize else {
            throw damaged(path, "\(grouped(fileSize - unpickler.offset)) bytes after the last storage", "none")
        }
        for storage in contents.storages {
            guard let range = ranges[storage.key], range.count / storage.type.width >= storage.count else {
                throw .badData(
                    path, found: "too few bytes for storage '\(storage.key)'", expected: "\(storage.count) elements")
            }
        }
        return ranges
    }

    private static func damaged(_ path: String, _ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: "copy or save the file again")
    }

    private static func checkByteOrder(_ value: PickleValue, _ unpickler: borrowing Unpickler) throws(Fault) {
        guard case .dictionary(let index) = value else { throw unpickler.unsupported("no system description") }
        for (key, item) in unpickler.dictionaries[index] {
            if case .text("little_endian") = key, case .boolean(false) = item {
                throw unpickler.unsupported(
                    "big-endian numbers in torch's older format", expected: "little-endian numbers")
            }
        }
    }
}
