internal import Core
internal import FeatureStore
internal import TensorFiles

/// A feature file to be written by an import: the source of its rows and its tables.
struct ImportedFile: Sendable {
    /// The tables of items or of text features.
    enum Content: Sendable {
        case items(labels: [Int32], rows: [Int], ids: [String])
        case text(prompts: [[String]], kinds: [PromptKind])
    }

    let part: FeatureFile.Kind
    let source: TensorSource
    /// The source's index of each row of the file [N×V].
    let lines: [Int]
    let shape: FeatureShape
    let content: Content
    let classes: [String]
    let provenance: Provenance

    /// The number of values between two releases of the source's memory pages.
    private static let stretch = 1 << 24

    /// Calls `body` with the index and range of values of each row, and `progress` with the number of finished rows.
    private func forEachRow(
        _ progress: (Int) throws(Fault) -> Void, _ body: (TensorView, Int, Range<Int>) throws(Fault) -> Void
    ) throws(Fault) {
        try source.withTensor { tensor, release throws(Fault) in
            var touched = 0
            for (index, line) in lines.enumerated() {
                try body(tensor, index, line * shape.width ..< (line + 1) * shape.width)
                touched += shape.width
                if touched >= Self.stretch || index == lines.count - 1 {
                    release()
                    touched = 0
                    try progress(index + 1)
                }
            }
        }
    }

    /// Checks every row and returns whether all have unit length within the rounding of float16.
    ///
    /// - Throws: `badData` for the first row that is not finite, all zeros, or too large for the type.
    func check(_ progress: (Int) throws(Fault) -> Void) throws(Fault) -> Bool {
        var values = [Float](repeating: 0, count: shape.width)
        var isNormalized = true
        try forEachRow(progress) { tensor, index, range throws(Fault) in
            tensor.copyFloats(range, into: &values)
            if let flaw = flaw(in: values) {
                throw Fault.badData(
                    tensor.source, found: "\(flaw.found) in \(name(of: index))", expected: flaw.expected,
                    remedy: flaw.remedy)
            }
            isNormalized = isNormalized && abs(RowScan.norm(values.span) - 1) <= 2e-3
        }
        return isNormalized
    }

    /// Writes the file to `path`.
    func write(to path: String, isNormalized: Bool, _ progress: (Int) throws(Fault) -> Void) throws(Fault) {
        var writer = try FeatureWriter(path: path, part: part, shape: shape)
        writer.isNormalized = isNormalized
        var values = [Float](repeating: 0, count: shape.width)
        try forEachRow(progress) { tensor, _, range throws(Fault) in
            if tensor.type.rawValue == shape.type.rawValue {
                let width = tensor.type.width
                try writer.append(raw: tensor.bytes.extracting(range.lowerBound * width ..< range.upperBound * width))
            } else {
                tensor.copyFloats(range, into: &values)
                try writer.append(values.span)
            }
        }
        switch content {
        case .items(let labels, _, let ids):
            let items = PartItems(labels: labels, ids: ids, classes: classes)
            try writer.commit(items, provenance: provenance)
        case .text(let prompts, let kinds):
            try writer.commit(prompts: prompts, kinds: kinds, classes: classes, provenance: provenance)
        }
    }

    private func name(of index: Int) -> String {
        let views = shape.views
        return switch content {
        case .items(_, let rows, _):
            views == 1 ? "row \(rows[index])" : "row \(rows[index / views]), view \(index % views)"
        case .text: "prompt \(index % views) of class \(index / views) ('\(classes[index / views])')"
        }
    }

    /// Describes the reason why the file cannot store a row; nil if it can.
    private func flaw(in row: [Float]) -> (found: String, expected: String, remedy: Remedy)? {
        guard row.allSatisfy(\.isFinite) else {
            return ("a value that is infinite or not a number", "finite features", "correct the source")
        }
        let largest = row.reduce(0) { max($0, abs($1)) }
        // The bounds beyond which float16 rounds to infinity or zero.
        if shape.type == .float16, largest >= 65_520 {
            return ("the value \(largest)", "at most 65504 in float16", "import with \(option: "dtype", "float32")")
        }
        if largest == 0 || (shape.type == .float16 && largest <= 0x1p-25) {
            return ("only zeros", "a feature", "leave the row out or encode its image again")
        }
        return nil
    }
}
