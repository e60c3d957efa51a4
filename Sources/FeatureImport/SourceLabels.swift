internal import Core
internal import TensorFiles

/// The labels of all rows of a source.
struct SourceLabels: Sendable {
    /// The number of each row's class.
    private(set) var numbers: [Int]
    let path: String
    /// The names of the classes if the source has names and no list gives their order: sorted, as by `numpy.unique`.
    private(set) var names: [String]?
    /// The number of classes if the source has a column per class.
    private(set) var classCount: Int?
    private var type = ElementType.int64

    /// Reads labels: numbers, names among `classes`, or one-hot rows.
    ///
    /// - Throws: `badData` for labels of another form.
    init(_ source: TensorSource, classes: [String]? = nil) throws(Fault) {
        path = source.path
        if source.holdsTexts {
            let texts = try source.texts()
            let order = classes ?? Self.sorted(texts)
            names = classes == nil ? order : nil
            numbers = try Self.indices(of: texts, in: order, path: path)
            return
        }
        type = try source.type()
        let shape = source.shape
        guard shape.count == 2, shape[1] > 1, shape[0] > 0 else {
            numbers = try source.numbers()
            return
        }
        let (labels, invalidRow) = try Self.oneHot(source)
        if let invalidRow {
            throw .badData(
                path, found: "the shape \(shape), and row \(invalidRow) without exactly one 1",
                expected: "one label per row, or one-hot rows", remedy: "save one number per row")
        }
        numbers = labels
        classCount = shape[1]
    }

    /// Takes names among `classes` as labels, or all different ones.
    ///
    /// - Throws: `badData` for a name that is none of `classes`.
    init(_ texts: [String], classes: [String]?, path: String) throws(Fault) {
        self.path = path
        let order = classes ?? Self.sorted(texts)
        names = classes == nil ? order : nil
        numbers = try Self.indices(of: texts, in: order, path: path)
    }

    /// The different `texts`, sorted as by `numpy.unique`.
    private static func sorted(_ texts: [String]) -> [String] {
        Set(texts).sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }

    /// Creates labels that were read from `path`.
    init(_ numbers: [Int], path: String) {
        self.numbers = numbers
        self.path = path
    }

    /// Returns the position of the 1 in each row of a matrix, or the first row that is not one-hot.
    static func oneHot(_ source: TensorSource) throws(Fault) -> (labels: [Int], invalidRow: Int?) {
        try source.withTensor { tensor, _ throws(Fault) in
            let width = tensor.shape[1]
            var row = [Float](repeating: 0, count: width)
            var labels: [Int] = []
            for index in 0 ..< tensor.shape[0] {
                tensor.copyFloats(index * width ..< (index + 1) * width, into: &row)
                guard let label = row.firstIndex(of: 1), row.count(where: { $0 != 0 }) == 1 else {
                    return (labels, index)
                }
                labels.append(label)
            }
            return (labels, nil)
        }
    }

    private static func indices(of texts: [String], in classes: [String], path: String) throws(Fault) -> [Int] {
        let positions = Dictionary(classes.enumerated().map { ($1, $0) }) { first, _ in first }
        return try texts.enumerated().map { row, text throws(Fault) in
            guard let position = positions[text] else {
                throw Fault.badData(
                    path, found: "the label '\(text)' in row \(row)", expected: "one of \(listed(classes))",
                    remedy: "correct the labels or the class names")
            }
            return position
        }
    }

    /// Checks that there is one label for each of the `count` rows of `images`.
    func require(_ count: Int, of images: String, remedy: Remedy) throws(Fault) {
        guard numbers.count == count else {
            throw .badData(
                path, found: "\(numbers.count) labels", expected: "\(count), one per row of \(images)", remedy: remedy)
        }
    }

    /// Reduces each label by one.
    mutating func countFromZero() { numbers = numbers.map { $0 == .min ? .min : $0 - 1 } }

    func labels(of rows: [Int], classCount: Int) throws(Fault) -> [Int32] {
        try rows.map { row throws(Fault) in
            guard (0 ..< classCount).contains(numbers[row]), let label = Int32(exactly: numbers[row]) else {
                let hasOverflown = type == .int8 && numbers[row] < 0 && classCount > 128
                throw Fault.badData(
                    path, found: "label \(numbers[row]) in row \(row)", expected: "0 to \(classCount - 1)",
                    remedy: hasOverflown
                        ? "save the labels as int64, as int8 ends at 127" : "correct the labels or the class names")
            }
            return label
        }
    }
}
