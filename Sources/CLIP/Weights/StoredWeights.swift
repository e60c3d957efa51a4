internal import Core
internal import Glibc
internal import Kernels
internal import TensorFiles

/// The tensors of a model by this project's names, in whichever files and layout they are stored.
struct StoredWeights: Sendable {
    /// A tensor, which is a whole stored tensor or one of several stacked along its first axis.
    private struct Entry: Sendable {
        let file: WeightFile
        let storedName: String
        let storedShape: [Int]
        let type: ElementType
        let part: Int
        let partCount: Int
        let isTransposed: Bool

        /// The tensor's shape; the stored one where that does not divide into its parts.
        var shape: [Int] {
            if isTransposed { return storedShape.reversed() }
            guard partCount > 1, let rows = storedShape.first, rows % partCount == 0 else { return storedShape }
            return [rows / partCount] + storedShape.dropFirst()
        }
    }

    /// The file or folder as the user named it.
    let path: String
    let layout: TensorLayout
    private var entries: [String: Entry] = [:]
    /// The stored names that the layout does not have.
    private(set) var unknown: [String] = []
    /// The tensor with the natural logarithm of the logit scale.
    private var logScale: (file: WeightFile, name: String)?

    init(_ files: [WeightFile], path: String) throws(Fault) {
        self.path = path
        let wrapper = try WeightWrapper(files.flatMap(\.names), path: path)
        layout = SupportedModels.layout(of: files.flatMap(\.names).compactMap(wrapper.innerName))
        for file in files {
            for stored in file.names {
                guard let name = wrapper.innerName(stored) else { continue }
                try add(stored, named: name, of: file)
            }
        }
    }

    private mutating func add(_ stored: String, named name: String, of file: WeightFile) throws(Fault) {
        let last = String(name.split(separator: ".").last ?? "")
        if last == "logit_scale" { logScale = (file, stored) }
        if Self.ignored.contains(last) { return }
        guard let match = layout.match(stored: name) else {
            unknown.append(name)
            return
        }
        let description = try file.description(of: stored)
        guard description.type.isFloatingPoint else {
            throw .badData(
                file.path, found: "tensor '\(stored)' of type \(description.type)",
                expected: "floating-point weights", remedy: "save the model's weights unquantized")
        }
        for (part, tensor) in match.tensors.enumerated() {
            let entry = Entry(
                file: file, storedName: stored, storedShape: description.shape, type: description.type, part: part,
                partCount: match.tensors.count, isTransposed: match.isTransposed)
            guard entries.updateValue(entry, forKey: tensor) == nil else {
                throw .badData(path, found: "the tensor '\(stored)' in two files", expected: "each once")
            }
        }
    }

    /// The last components of names of tensors on which no feature depends: counters, tables that can be computed, the
    /// logits' scale and bias.
    private static let ignored: Set = [
        "num_batches_tracked", "position_ids", "attn_mask", "logit_scale", "logit_bias", "input_resolution",
        "context_length", "vocab_size",
    ]

    // MARK: Names and shapes

    var names: some Collection<String> { entries.keys }

    /// The number of tensors, known and unknown.
    var count: Int { entries.count + unknown.count }

    /// The number of tensors and the names of some, for error messages.
    var overview: String {
        // One of each group of names, so that all parts of a model are seen.
        let stored = Set(entries.values.map(\.storedName) + unknown).sorted()
        var seen: Set<Substring> = []
        let heads = stored.filter { seen.insert($0.prefix { $0 != "." }).inserted }
        let shown = heads.prefix(4).map { "'\($0.prefix(80))'" }.joined(separator: ", ")
        return "\(count) tensors (\(shown)\(heads.count > 4 || stored.count > heads.count ? ", ..." : ""))"
    }

    /// The types in which the tensors are stored.
    var storedTypes: [String] { Set(entries.values.map(\.type.rawValue)).sorted() }

    func contains(_ name: String) -> Bool { entries[name] != nil }

    func shape(_ name: String) -> [Int]? { entries[name]?.shape }

    /// The name under which the tensor `name` is stored, or would be.
    func storedName(_ name: String) -> String { layout.match(name)?.stored ?? name }

    /// The numbers N of the names `PREFIX.N.…`.
    func blockNumbers(_ prefix: String) -> Set<Substring> {
        Set(
            entries.keys.filter { $0.hasPrefix("\(prefix).") }.map {
                $0.dropFirst(prefix.count + 1).prefix { $0 != "." }
            })
    }

    /// The stored shape of the tensor `name` beside the one that `shape` needs; nil where they are equal.
    func difference(_ name: String, from shape: [Int]) -> String? {
        guard let entry = entries[name], entry.shape != shape else { return nil }
        var expected = entry.isTransposed ? shape.reversed() : shape
        expected[0] *= entry.partCount
        return "\(storedName(name)) \(entry.storedShape) for \(expected)"
    }

    // MARK: Values

    /// The elements of one or several tensors, row-major, one after another, or with their axes exchanged.
    ///
    /// - Throws: `badData` for a tensor that is missing or has a value that is not finite.
    func floats(_ names: [String], isTransposed: Bool = false) throws(Fault) -> [Float] {
        guard let first = entries[names[0]] else {
            throw .badData(path, found: "no tensor '\(storedName(names[0]))'", expected: "the weights of a CLIP")
        }
        // Queries, keys and values that are stored as one tensor are read at once.
        let isWhole = names.count == first.partCount && names.allSatisfy { entries[$0]?.storedName == first.storedName }
        if !isWhole, names.count > 1 {
            var values: [Float] = []
            for name in names { values += try floats([name]) }
            return values
        }
        let rows = (first.storedShape.first ?? 0) / first.partCount
        var values = try first.file.floats(
            first.storedName, rows: isWhole ? nil : first.part * rows ..< (first.part + 1) * rows)
        if isTransposed != first.isTransposed, first.storedShape.count == 2 {
            values = Matrix(values, rows: first.storedShape[0], columns: first.storedShape[1]).transposed.elements
        }
        // A sum of magnitudes is finite only if each is; it also refuses weights that no training leaves.
        guard values.reduce(0, { $0 + $1.magnitude }).isFinite else {
            throw .badData(
                path, found: "infinite values or values that are no numbers in '\(first.storedName)'",
                expected: "finite weights", remedy: "copy the file again")
        }
        return values
    }

    /// The factor of the logits, e to the power of the stored value; 100 where none is stored.
    ///
    /// - Throws: `badData` for a value that is no finite number.
    func logitScale() throws(Fault) -> Float {
        guard let logScale else { return 100 }
        let values = try logScale.file.floats(logScale.name)
        guard values.count == 1, exp(values[0]).isFinite else {
            throw .badData(
                path, found: "\(values.count) values in '\(logScale.name)'", expected: "one finite number",
                remedy: "copy the file again")
        }
        return exp(values[0])
    }
}
