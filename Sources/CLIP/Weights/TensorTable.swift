internal import Core

/// The names and shapes of the tensors that an architecture needs, no more and no less.
struct TensorTable {
    private(set) var shapes: [String: [Int]] = [:]

    mutating func add(_ name: String, _ shape: [Int]) { shapes[name] = shape }

    mutating func add(_ other: TensorTable) { shapes.merge(other.shapes) { $1 } }

    /// Adds a linear layer [outputs×inputs] or a norm [width] with its bias.
    mutating func addLayer(_ name: String, _ shape: [Int]) {
        add("\(name).weight", shape)
        add("\(name).bias", [shape[0]])
    }

    /// Adds a convolution without bias and the BatchNorm that follows it.
    mutating func addConvolution(_ name: String, _ shape: [Int]) {
        add("\(name).weight", shape)
        for part in ["weight", "bias", "mean", "variance"] { add("\(name).norm.\(part)", [shape[0]]) }
    }

    /// Adds the blocks of a transformer.
    mutating func addBlocks(_ tower: String, _ shape: TransformerShape) {
        let square = [shape.width, shape.width]
        for index in 0 ..< shape.layers {
            let block = "\(tower).blocks.\(index)"
            addLayer("\(block).norm1", [shape.width])
            for projection in ["query", "key", "value", "output"] {
                addLayer("\(block).attention.\(projection)", square)
            }
            addLayer("\(block).norm2", [shape.width])
            addLayer("\(block).mlp.fc1", [shape.hiddenWidth, shape.width])
            addLayer("\(block).mlp.fc2", [shape.width, shape.hiddenWidth])
        }
    }

    /// The number of values in the tensors whose names start with `prefix`.
    func valueCount(_ prefix: String) -> Int {
        shapes.filter { $0.key.hasPrefix(prefix) }.reduce(0) { $0 + $1.value.reduce(1, *) }
    }

    /// Compares the table with the tensors of a model.
    ///
    /// - Throws: `badData` naming up to five tensors each that are missing, of another shape, or too many.
    func check(_ weights: StoredWeights) throws(Fault) {
        let missing = shapes.keys.filter { weights.shape($0) == nil }.map(weights.storedName)
        let misshapen = shapes.compactMap { weights.difference($0.key, from: $0.value) }
        let extra = weights.names.filter { shapes[$0] == nil }.map(weights.storedName) + weights.unknown
        let complaints = [("missing", missing), ("of another shape", misshapen), ("unknown", extra)].compactMap {
            what, names -> String? in
            // The queries, keys and values of a layer may be one stored tensor.
            let names = Set(names).sorted()
            guard !names.isEmpty else { return nil }
            let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
            return "\(names.count) \(what) (\(shown))"
        }
        guard complaints.isEmpty else {
            throw .badData(
                weights.path, found: "tensors " + complaints.joined(separator: "; "),
                expected: "the \(Set(shapes.keys.map(weights.storedName)).count) tensors of such a CLIP",
                remedy: "copy the whole model; other architectures than OpenAI's cannot be run")
        }
    }
}
