public import Core
public import Kernels

extension Classifier {
    /// The tensors by name, as `adapter.safetensors` holds them.
    public var tensors: [(name: String, matrix: Matrix)] {
        func row(_ values: [Float]) -> Matrix { Matrix(values, rows: 1, columns: values.count) }
        var all: [(name: String, matrix: Matrix)] = []
        if let text { all.append(("text", text)) }
        if let linear { all += [("weights", linear.weights), ("bias", row(linear.bias))] }
        if let cache {
            all += [("keys", cache.keys), ("key_classes", row(cache.owners.owners.map(Float.init)))]
            if let weights = cache.channelWeights { all.append(("channel_weights", weights)) }
            if let channels = cache.channels { all.append(("channels", row(channels.map(Float.init)))) }
            if let strengths = cache.strengths { all.append(("key_strengths", row(strengths))) }
            if let values = cache.values { all.append(("key_values", values)) }
        }
        if let bottleneck { all += [("bottleneck_down", bottleneck.down), ("bottleneck_up", bottleneck.up)] }
        if let bridge {
            all += [
                ("bridge_text", bridge.text), ("bridge_log_sums", bridge.logSums),
                ("bridge_counts", row(bridge.counts)),
            ]
        }
        return all
    }

    /// The numbers that go with the tensors, by name.
    public var numbers: [String: Float] {
        var numbers = ["logit_scale": logitScale]
        if let linear { numbers["linear_weight"] = linear.weight }
        if let cache { (numbers["alpha"], numbers["beta"]) = (cache.alpha, cache.beta) }
        if let bottleneck { numbers["bottleneck_ratio"] = bottleneck.ratio }
        if let bridge {
            (numbers["gamma"], numbers["bridge_slope"], numbers["bridge_offset"]) =
                (bridge.gamma, bridge.slope, bridge.offset)
        }
        return numbers
    }

    /// Puts a classifier together again from what ``tensors`` and ``numbers`` gave; other tensors are left alone.
    ///
    /// `file` is what an error names.
    public init(
        tensors: [String: Matrix], numbers: [String: Float], readsRaw: Bool, classCount: Int, file: String
    ) throws(Fault) {
        let reader = TensorReader(tensors: tensors, numbers: numbers, classCount: classCount, file: file)
        self.init(
            text: try reader.matrix("text", rows: classCount), linear: try reader.linear(), cache: try reader.cache(),
            bottleneck: try reader.bottleneck(), classCount: classCount)
        bridge = try reader.bridge()
        logitScale = numbers["logit_scale"] ?? 100
        self.readsRaw = readsRaw
        try reader.checkWidths(of: self)
    }
}

/// Tensors out of a file, each checked before it is used.
private struct TensorReader {
    let tensors: [String: Matrix]
    let numbers: [String: Float]
    let classCount: Int
    let file: String

    func damaged(_ found: String, _ expected: String) -> Fault {
        .badData(file, found: found, expected: expected, remedy: "train the run again")
    }

    /// The tensor called `name`, if it is there.
    func matrix(_ name: String, rows: Int? = nil, columns: Int? = nil) throws(Fault) -> Matrix? {
        guard let matrix = tensors[name] else { return nil }
        guard rows == nil || matrix.rows == rows, columns == nil || matrix.columns == columns else {
            throw damaged(
                "\(name) [\(matrix.rows)×\(matrix.columns)]",
                "[\(rows.map { "\($0)" } ?? "any")×\(columns.map { "\($0)" } ?? "any")]")
        }
        return matrix
    }

    func required(_ name: String, rows: Int? = nil, columns: Int? = nil) throws(Fault) -> Matrix {
        guard let matrix = try matrix(name, rows: rows, columns: columns) else { throw damaged("no \(name)", "one") }
        return matrix
    }

    func number(_ name: String) throws(Fault) -> Float {
        guard let number = numbers[name], number.isFinite else { throw damaged("no \(name)", "a number") }
        return number
    }

    func linear() throws(Fault) -> Classifier.Linear? {
        guard let weights = try matrix("weights", rows: classCount) else { return nil }
        let bias = try required("bias", rows: 1, columns: classCount).elements
        return .init(weights: weights, bias: bias, weight: try number("linear_weight"))
    }

    func cache() throws(Fault) -> Classifier.Cache? {
        guard let keys = try matrix("keys") else { return nil }
        let owners = try indices("key_classes", count: keys.rows, below: classCount) ?? []
        guard owners.count == keys.rows else { throw damaged("no key_classes", "a class for each key") }
        var cache = Classifier.Cache(
            keys: keys, owners: KeyOwners(owners, classCount: classCount), alpha: try number("alpha"),
            beta: try number("beta"))
        cache.channelWeights = try matrix("channel_weights", rows: 1, columns: keys.columns)
        cache.channels = try indices("channels", count: keys.columns, below: 1 << 20)
        cache.strengths = try matrix("key_strengths", rows: 1, columns: keys.rows)?.elements
        cache.values = try matrix("key_values", rows: keys.rows, columns: classCount)
        return cache
    }

    /// Whole numbers from 0 in one row.
    private func indices(_ name: String, count: Int, below limit: Int) throws(Fault) -> [Int]? {
        guard let row = try matrix(name, rows: 1, columns: count) else { return nil }
        let indices = row.elements.map { Int(exactly: $0) ?? -1 }
        guard indices.allSatisfy({ (0 ..< limit).contains($0) }) else {
            throw damaged("\(name) with an entry out of range", "whole numbers from 0 to \(limit - 1)")
        }
        return indices
    }

    func bottleneck() throws(Fault) -> Bottleneck? {
        guard let down = try matrix("bottleneck_down") else { return nil }
        let up = try required("bottleneck_up", rows: down.columns, columns: down.rows)
        return Bottleneck(down: down, up: up, ratio: try number("bottleneck_ratio"))
    }

    func bridge() throws(Fault) -> ClassBridge? {
        guard let text = try matrix("bridge_text") else { return nil }
        let sums = try required("bridge_log_sums", rows: classCount, columns: text.rows)
        let counts = try required("bridge_counts", rows: 1, columns: classCount).elements
        return ClassBridge(
            text: text, logSums: sums, counts: counts, slope: try number("bridge_slope"),
            offset: try number("bridge_offset"),
            gamma: try number("gamma"))
    }

    func checkWidths(of classifier: Classifier) throws(Fault) {
        let (cache, width) = (classifier.cache, classifier.width)
        let isSelected = cache?.channels != nil
        let widths = [
            classifier.text?.columns, classifier.linear?.weights.columns, classifier.bottleneck?.down.columns,
            classifier.bridge?.text.columns,
            isSelected ? nil : cache?.keys.columns,
        ].compactMap { $0 }
        guard width > 0, widths.allSatisfy({ $0 == width }) else { throw damaged("tensors of widths \(widths)", "one") }
        guard cache?.channels?.allSatisfy({ $0 < width }) ?? true else {
            throw damaged("a channel beyond the features", "at most \(width - 1)")
        }
    }
}
