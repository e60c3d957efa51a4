internal import Core

/// A dataset beside the features: labels, names, prompts.
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

    /// Whole numbers [N].
    init(_ name: String, _ values: [Int32]) {
        let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
        self.init(name, .int32, shape: [values.count], bytes: bytes)
    }

    /// Large numbers, in rows of `columns` where that is more than one.
    init(_ name: String, _ values: [UInt64], columns: Int = 1) {
        let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
        let shape = columns == 1 ? [values.count] : [values.count / columns, columns]
        self.init(name, .uint64, shape: shape, bytes: bytes)
    }

    /// Texts of one shape, each padded with NUL to the longest.
    ///
    /// - Throws: `badData` if a text holds a NUL itself, as it would be read back shorter.
    init(_ name: String, _ texts: [String], shape: [Int], path: String) throws(Fault) {
        let width = max(1, texts.reduce(0) { max($0, $1.utf8.count) })
        var bytes = [UInt8](repeating: 0, count: width * texts.count)
        for (index, text) in texts.enumerated() {
            for (position, byte) in text.utf8.enumerated() {
                guard byte != 0 else {
                    throw .badData(
                        path, found: "a NUL character in entry \(index) of \(name)", expected: "plain text",
                        remedy: "correct the names")
                }
                bytes[index * width + position] = byte
            }
        }
        self.init(name, .text(width: width), shape: shape, bytes: bytes)
    }
}

/// All that a feature file holds beside its features.
struct Accompaniment: Sendable {
    let part: FeatureFile.Kind
    let isNormalized: Bool
    /// The provenance as it stands in the file, so that repacking changes no byte.
    let provenanceLine: String
    /// In the order of the file.
    let tables: [SideTable]

    /// Room for it in a file, generously.
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

extension Accompaniment {
    /// - Throws: `badData` for a provenance that is too long.
    init(
        _ part: FeatureFile.Kind, isNormalized: Bool, _ provenance: Provenance, _ tables: [SideTable], path: String
    ) throws(Fault) {
        let line = JSONDocument.line(provenance)
        guard line.utf8.count <= 60 << 10 else {
            throw .badData(
                path, found: "a provenance of \(line.utf8.count) bytes", expected: "\(60 << 10) at most",
                remedy: "record digests in it, not lists")
        }
        self.init(part: part, isNormalized: isNormalized, provenanceLine: line, tables: tables)
    }
}
