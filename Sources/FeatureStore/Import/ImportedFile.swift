internal import Core
internal import TensorFiles

/// A feature file to be written by an import: the source of its rows and its tables.
struct ImportedFile: Sendable {
    /// The tables of items or of text features.
    enum Content: Sendable {
        case items(labels: [Int32], rows: [Int])
        case text(prompts: [[String]], kinds: [PromptKind])
    }

    let part: FeatureFile.Kind
    let source: TensorLocation
    /// The source's index of each row of the file [N×V].
    let lines: [Int]
    let count: Int
    let views: Int
    let width: Int
    let type: FeatureType
    let content: Content
    let classes: [String]
    let provenance: Provenance

    /// The number of values between two releases of the source's memory pages.
    private static let stretch = 1 << 24

    /// Checks every row and returns whether all have unit length within the rounding of float16.
    ///
    /// - Throws: `badData` for the first row that is not finite, all zeros, or too large for the type, and errors of
    ///   `progress`.
    func check(_ progress: (Int) throws(Fault) -> Void) throws(Fault) -> Bool {
        try source.withTensor { tensor, release throws(Fault) in
            var values = [Float](repeating: 0, count: width)
            var isNormalized = true
            var touched = 0
            for (index, line) in lines.enumerated() {
                tensor.copyFloats(line * width ..< (line + 1) * width, into: &values)
                let measure = RowMeasure(values)
                if let flaw = measure.flaw(in: type) {
                    throw Fault.badData(
                        tensor.source, found: "\(flaw.found) in \(name(of: index))", expected: flaw.expected,
                        remedy: flaw.remedy)
                }
                isNormalized = isNormalized && abs(measure.norm - 1) <= 2e-3
                touched += width
                if touched >= Self.stretch {
                    release()
                    touched = 0
                    try progress(index + 1)
                }
            }
            return isNormalized
        }
    }

    /// Writes the file to `path`; `progress` receives the number of finished rows from time to time.
    func write(to path: String, isNormalized: Bool, _ progress: (Int) throws(Fault) -> Void) throws(Fault) {
        var writer = try FeatureWriter(
            path: path, part: part, count: count, views: views, width: width, type: type, isNormalized: isNormalized)
        try source.withTensor { tensor, release throws(Fault) in
            let isSame = tensor.type.rawValue == type.rawValue
            let rowBytes = width * tensor.type.width
            var values = [Float](repeating: 0, count: width)
            var touched = 0
            for (index, line) in lines.enumerated() {
                if isSame {
                    try writer.append(raw: tensor.bytes.extracting(line * rowBytes ..< (line + 1) * rowBytes))
                } else {
                    tensor.copyFloats(line * width ..< (line + 1) * width, into: &values)
                    try writer.append(values.span)
                }
                touched += width
                if touched >= Self.stretch {
                    release()
                    touched = 0
                    try progress(index + 1)
                }
            }
        }
        switch content {
        case .items(let labels, let rows):
            let items = PartItems(labels: labels, ids: rows.map(String.init), classes: classes)
            try writer.commit(items, provenance: provenance)
        case .text(let prompts, let kinds):
            try writer.commit(prompts: prompts, kinds: kinds, classes: classes, provenance: provenance)
        }
    }

    /// Names the row at `index` in messages.
    private func name(of index: Int) -> String {
        switch content {
        case .items(_, let rows):
            views == 1 ? "row \(rows[index])" : "row \(rows[index / views]), view \(index % views)"
        case .text: "prompt \(index % views) of class \(index / views) ('\(classes[index / views])')"
        }
    }
}

/// The properties of a row that are checked.
private struct RowMeasure {
    let norm: Float
    private let largest: Float
    private let isFinite: Bool

    init(_ values: [Float]) {
        var squares = SIMD8<Float>.zero
        var largest = SIMD8<Float>.zero
        var start = 0
        while start + 8 <= values.count {
            var lane = SIMD8<Float>.zero
            for index in 0 ..< 8 { lane[index] = values[start + index] }
            squares += lane * lane
            largest = pointwiseMax(largest, lane.replacing(with: -lane, where: lane .< 0))
            start += 8
        }
        var sum = squares.sum()
        var top = largest.max()
        for value in values[start...] {
            sum += value * value
            top = max(top, abs(value))
        }
        norm = sum.squareRoot()
        self.largest = top
        // The sum of finite values may overflow.
        isFinite = sum.isFinite || values.allSatisfy(\.isFinite)
    }

    /// Describes the reason why a file of `type` cannot store the row; nil if it can.
    func flaw(in type: FeatureType) -> (found: String, expected: String, remedy: Remedy)? {
        guard isFinite else {
            return ("a value that is infinite or not a number", "finite features", "correct the source")
        }
        // The bounds beyond which float16 rounds to infinity or zero.
        if type == .float16, largest >= 65_520 {
            return ("the value \(largest)", "at most 65504 in float16", "import with \(option: "dtype", "float32")")
        }
        if largest == 0 || (type == .float16 && largest <= 0x1p-25) {
            return ("only zeros", "a feature", "leave the row out or encode its image again")
        }
        return nil
    }
}
