internal import Core

/// A dataset other than the features, such as labels, names, or prompts.
struct SideTable: Sendable {
    let name: String
    let type: Datatype
    let shape: [Int]
    let bytes: [UInt8]
}

extension SideTable {
    init(_ name: String, _ values: [Int32]) {
        self.init(name: name, type: .int32, shape: [values.count], bytes: unsafe values.span.bytes.array())
    }

    /// Creates a table of 64-bit numbers, two-dimensional if there are several `columns`.
    init(_ name: String, _ values: [UInt64], columns: Int = 1) {
        let shape = columns == 1 ? [values.count] : [values.count / columns, columns]
        self.init(name: name, type: .uint64, shape: shape, bytes: unsafe values.span.bytes.array())
    }

    /// Creates a table of strings, by default [N], padded with NUL to the length of the longest.
    ///
    /// - Throws: `badData` if a string contains a NUL character, at which reading would stop.
    init(_ name: String, _ texts: [String], shape: [Int]? = nil, path: String) throws(Fault) {
        if let index = texts.firstIndex(where: { $0.utf8.contains(0) }) {
            throw .badData(
                path, found: "a NUL character in entry \(index) of \(name)", expected: "text without NUL",
                remedy: "correct the names")
        }
        self.init(name, texts, shape: shape ?? [texts.count])
    }

    /// Creates a table of strings without NUL characters.
    init(_ name: String, _ texts: [String], shape: [Int]) {
        let width = max(1, texts.reduce(0) { max($0, $1.utf8.count) })
        var bytes: [UInt8] = []
        bytes.reserveCapacity(width * texts.count)
        for text in texts {
            bytes += text.utf8
            bytes += repeatElement(0, count: width - text.utf8.count)
        }
        self.init(name: name, type: .text(width: width), shape: shape, bytes: bytes)
    }
}

/// The tables and attributes of a feature file besides its features.
struct SideData: Sendable {
    let part: FeatureFile.Kind
    let isNormalized: Bool
    /// The provenance as stored, so that repacking keeps its bytes.
    let provenanceLine: String
    let tables: [SideTable]

    /// An upper bound of the size in a file.
    var byteEstimate: Int {
        tables.reduce(0) { $0 + $1.bytes.count + 4 * HDF5File.alignment } + provenanceLine.utf8.count
            + 16 * HDF5File.alignment
    }

    func writeAttributes(_ file: borrowing HDF5File) throws(HDF5Error) {
        try file.setAttribute("format", "fewshot-features")
        try file.setAttribute("version", 1)
        try file.setAttribute("part", part.rawValue)
        try file.setAttribute("normalized", isNormalized ? 1 : 0)
        try file.setAttribute("provenance", provenanceLine)
    }

    var digests: [String: Digest] {
        Dictionary(uniqueKeysWithValues: tables.map { ($0.name, unsafe Digest(of: $0.bytes.span.bytes)) })
    }
}

extension SideData {
    /// Encodes the provenance, or throws `badData` if it is too long.
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
