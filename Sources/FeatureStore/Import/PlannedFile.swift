internal import Core
internal import TensorFiles

/// A feature file that is to be made: where its rows are and all that goes with them.
struct PlannedFile: Sendable {
    /// What goes with the rows.
    enum Content: Sendable {
        case items(labels: [Int32], rows: [Int])
        case text(prompts: [[String]], kinds: [PromptKind])
    }

    let part: FeatureFile.Kind
    let source: TensorLocation
    /// The rows [N×V] in the file's order, each D values of the source.
    let lines: [Int]
    let count: Int
    let views: Int
    let width: Int
    let type: FeatureType
    let content: Content
    let classes: [String]
    let provenance: Provenance

    /// Values between two releases of the source's pages.
    private static let stretch = 1 << 24

    /// Checks every row.
    ///
    /// - Parameter progress: takes rows done, now and then.
    /// - Returns: whether all rows have unit length, within half precision's rounding.
    /// - Throws: `badData` naming the first row that is not finite, all zeros or too large for the type; what `progress`
    ///   throws.
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

    /// Writes the file at `path`.
    ///
    /// - Parameters:
    ///   - path: where it will be.
    ///   - isNormalized: whether all rows have unit length.
    ///   - progress: takes rows done, now and then.
    /// - Throws: what writing throws, and `progress`.
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

    /// What a sentence calls the line at `index`.
    private func name(of index: Int) -> String {
        switch content {
        case .items(_, let rows):
            views == 1 ? "row \(rows[index])" : "row \(rows[index / views]), view \(index % views)"
        case .text: "prompt \(index % views) of class \(index / views) ('\(classes[index / views])')"
        }
    }
}

/// What a row must be checked for.
private struct RowMeasure {
    let norm: Float
    private let largest: Float
    private let isFinite: Bool

    init(_ values: [Float]) {
        var squares = SIMD8<Float>.zero
        var largest = SIMD8<Float>.zero
        var place = 0
        while place + 8 <= values.count {
            var lane = SIMD8<Float>.zero
            for index in 0 ..< 8 { lane[index] = values[place + index] }
            squares += lane * lane
            largest = pointwiseMax(largest, lane.replacing(with: -lane, where: lane .< 0))
            place += 8
        }
        var sum = squares.sum()
        var top = largest.max()
        for value in values[place...] {
            sum += value * value
            top = max(top, abs(value))
        }
        norm = sum.squareRoot()
        self.largest = top
        // The sum may overflow where each value is finite.
        isFinite = sum.isFinite || values.allSatisfy(\.isFinite)
    }

    /// What keeps the row out of a file of `type`.
    func flaw(in type: FeatureType) -> (found: String, expected: String, remedy: Remedy)? {
        guard isFinite else {
            return ("a value that is infinite or not a number", "finite features", "correct the source")
        }
        // What float16 rounds to infinity or to zero.
        if type == .float16, largest >= 65_520 {
            return ("the value \(largest)", "at most 65504 in float16", "import with \(option: "dtype", "float32")")
        }
        if largest == 0 || (type == .float16 && largest <= 0x1p-25) {
            return ("nothing but zeros", "a feature", "leave the row out or encode its image again")
        }
        return nil
    }
}
