internal import Core
internal import TensorFiles

/// The tensors of a model by this project's names, wherever and however they are stored.
struct StoredWeights: Sendable {
    /// One tensor: a piece of a file, or three that are joined along their first axis.
    struct Entry: Sendable {
        var pieces: [Piece]
        var isTransposed: Bool
        var shape: [Int]
        var type: ElementType
    }

    struct Piece: Sendable {
        let file: WeightFile
        let name: String
        let shape: [Int]
    }

    /// The file or folder as the user named it.
    let path: String
    let naming: WeightNaming
    private(set) var entries: [String: Entry] = [:]
    /// Stored names that belong to no CLIP.
    private(set) var strangers: [String] = []

    init(_ files: [WeightFile], path: String) throws(Fault) {
        self.path = path
        let prefix = Self.commonPrefix(files)
        naming = WeightNaming(of: files.flatMap { $0.names.map { String($0.dropFirst(prefix.count)) } })
        var joined: [String: [Int: Piece]] = [:]
        for file in files {
            for stored in file.names where stored.hasPrefix(prefix) {
                let name = String(stored.dropFirst(prefix.count))
                if WeightNaming.isIgnored(name) { continue }
                guard let place = naming.place(of: name) else {
                    strangers.append(name)
                    continue
                }
                let description = try file.description(of: stored)
                guard description.type.isFloatingPoint else {
                    throw .badData(
                        file.path, found: "tensor '\(stored)' of type \(description.type)",
                        expected: "floating-point weights", remedy: "save the model's weights unquantised")
                }
                let piece = Piece(file: file, name: stored, shape: description.shape)
                let isNew: Bool
                if let index = place.piece {
                    isNew = joined[place.name, default: [:]].updateValue(piece, forKey: index) == nil
                    if entries[place.name] == nil {
                        entries[place.name] = Entry(
                            pieces: [], isTransposed: false, shape: [], type: description.type)
                    }
                } else {
                    let shape = place.isTransposed ? description.shape.reversed() : description.shape
                    let entry = Entry(
                        pieces: [piece], isTransposed: place.isTransposed, shape: shape, type: description.type)
                    isNew = entries.updateValue(entry, forKey: place.name) == nil
                }
                guard isNew else {
                    throw .badData(path, found: "the tensor '\(stored)' in two files", expected: "each once")
                }
            }
        }
        try join(joined)
    }

    /// Puts queries, keys and values one above the other.
    private mutating func join(_ joined: [String: [Int: Piece]]) throws(Fault) {
        for (name, parts) in joined {
            guard let query = parts[0], let key = parts[1], let value = parts[2] else {
                throw .badData(
                    path, found: "only \(parts.values.map(\.name).sorted().joined(separator: " and "))",
                    expected: "queries, keys and values of each layer", remedy: "copy the whole model")
            }
            let shape = query.shape
            let (rows, overflow) = (shape.first ?? 0).multipliedReportingOverflow(by: 3)
            guard key.shape == shape, value.shape == shape, !shape.isEmpty, !overflow else {
                throw .badData(
                    path, found: "'\(query.name)' \(shape), '\(key.name)' \(key.shape), '\(value.name)' \(value.shape)",
                    expected: "one shape", remedy: "use a model whose keys and queries have one width")
            }
            entries[name]?.pieces = [query, key, value]
            entries[name]?.shape = [rows] + shape.dropFirst()
        }
    }

    /// What checkpoints of trainings put before every name.
    private static func commonPrefix(_ files: [WeightFile]) -> String {
        let names = files.flatMap(\.names)
        var prefix = ""
        for part in ["state_dict.", "module."] where names.contains(where: { $0.hasPrefix(prefix + part) }) {
            prefix += part
        }
        return prefix
    }

    /// The elements of a tensor of the model, row-major in its own shape.
    ///
    /// - Throws: `badData` if there is none, or a value is not finite.
    func floats(_ name: String) throws(Fault) -> [Float] {
        guard let entry = entries[name] else {
            throw .badData(path, found: "no tensor '\(name)'", expected: "the weights of a CLIP")
        }
        var values: [Float] = []
        for piece in entry.pieces {
            let part = try piece.file.floats(piece.name)
            if values.isEmpty { values = part } else { values += part }
        }
        if entry.isTransposed, entry.shape.count == 2 {
            values = transposed(values, rows: entry.shape[1], columns: entry.shape[0])
        }
        // A sum of magnitudes is finite only if each is; it also refuses weights that no training leaves.
        guard values.reduce(0, { $0 + $1.magnitude }).isFinite else {
            throw .badData(
                path, found: "infinite values or values that are no numbers in '\(name)'", expected: "finite weights",
                remedy: "copy the file again")
        }
        return values
    }
}

/// The transpose of a matrix [rows×columns].
func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var turned = [Float](repeating: 0, count: values.count)
    for row in 0 ..< rows {
        for column in 0 ..< columns { turned[column * rows + row] = values[row * columns + column] }
    }
    return turned
}
