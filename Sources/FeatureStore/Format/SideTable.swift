internal import Core

/// A dataset other than the features, such as labels, names, or prompts.
struct SideTable: Sendable {
    let name: String
    let type: Datatype
    let shape: [Int]
    let bytes: [UInt8]

    init(_ name: String, _ type: Datatype, shape: [Int], bytes: [UInt8]) {
        self.name = name
        self.type = type
        self.shape = shape
        self.bytes = bytes
    }

    /// Creates a table of integers [N].
    init(_ name: String, _ values: [Int32]) {
        let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
        self.init(name, .int32, shape: [values.count], bytes: bytes)
    }

    /// Creates a table of 64-bit numbers, two-dimensional if there are several `columns`.
    init(_ name: String, _ values: [UInt64], columns: Int = 1) {
        let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
        let shape = columns == 1 ? [values.count] : [values.count / columns, columns]
        self.init(name, .uint64, shape: shape, bytes: bytes)
    }

    /// Creates a table of strings, padded with NUL to the length of the longest.
    ///
    /// - Throws: `badData` if a string contains a NUL character, at which reading would stop.
    init(_ name: String, _ texts: [String], shape: [Int], path: String) throws(Fault) {
        let width = max(1, texts.reduce(0) { max($0, $1.utf8.count) })
        var bytes = [UInt8](repeating: 0, count: width * texts.count)
        for (index, text) in texts.enumerated() {
            for (position, byte) in text.utf8.enumerated() {
                guard byte != 0 else {
                    throw .badData(
                        path, found: "a NUL character in entry \(index) of \(name)", expected: "text without NUL",
                        remedy: "correct the names")
                }
                bytes[index * width + position] = byte
            }
        }
        self.init(name, .text(width: width), shape: shape, bytes: bytes)
    }
}

/// The tables and attributes of a feature file besides its features.
struct SideData: Sendable {
    let part: FeatureFile.Kind
    let isNormalized: Bool
    /// The provenance as stored, so that repacking keeps its bytes.
    let provenanceLine: String
    /// The tables in the order of the file.
    let tables: [SideTable]

    /// An upper bound of the size in a file.
    var byteEstimate: Int {
        tables.reduce(0) { $0 + $1.bytes.count + 4 * HDF5File.alignment } + provenanceLine.utf8.count
            + 16 * HDF5File.alignment
    }

    /// Writes the attributes.
    func writeAttributes(_ file: borrowing HDF5File) throws(HDF5Error) {
        try file.setAttribute("format", "fewshot-features")
        try file.setAttribute("version", 1)
        try file.setAttribute("part", part.rawValue)
        try file.setAttribute("normalized", isNormalized ? 1 : 0)
        try file.setAttribute("provenance", provenanceLine)
    }

    /// The SHA-256 of each table.
    var digests: [String: Digest] {
        Dictionary(uniqueKeysWithValues: tables.map { ($0.name, unsafe Digest(of: $0.bytes.span.bytes)) })
    }
}

extension SideData {
    /// Encodes the provenance.
    ///
    /// - Throws: `badData` if it is too long.
    init(
        _ part: FeatureFile.Kind, isNormalized: Bool, _ provenance: Provenance, _ tables: [SideTable], path: String
    ) throws(Fault) {
        let line = JSONDocument.line(provenance)
        guard line.utf8.count <= 60 << 10 else {
            throw .badData(
                path, found: "a provenance of \(line.utf8.count) bytes", expected: "at most \(60 << 10) bytes",
                remedy: "record digests instead of lists")
        }
        self.init(part: part, isNormalized: isNormalized, provenanceLine: line, tables: tables)
    }
}
