internal import Core

/// The rows of a source that belong to a subset.
struct RowSelection: Sendable {
    let part: Subset
    let numbers: [Int]
    /// The file of the row numbers; nil if all rows are selected.
    var path: String?

    /// Reads the row numbers in `train.npy`, `val.npy`, and `test.npy` of `folder` for a source with `count` rows.
    ///
    /// - Throws: `noInput` if none of the files exists, `badData` for a number out of range or used twice.
    static func read(_ folder: String, count: Int, source: String) throws(Fault) -> [RowSelection] {
        guard try FileKind.found(at: folder) == .folder else {
            throw Fault(
                .noInput, folder, found: "no such directory",
                expected: "a folder with train.npy, val.npy, and test.npy", remedy: "check the path")
        }
        var selections: [RowSelection] = []
        var selectionOfRow = [Int?](repeating: nil, count: count)
        for part in Subset.allCases {
            let path = folder.appending(path: "\(part.rawValue).npy")
            guard try FileKind.found(at: path) != .absent else { continue }
            let numbers = try TensorLocation.npy(path).numbers()
            guard !numbers.isEmpty else {
                throw .badData(path, found: "no row numbers", expected: "at least one", remedy: "remove the file")
            }
            for number in numbers {
                guard (0 ..< count).contains(number) else {
                    throw .badData(
                        path, found: "row \(number)", expected: "0 to \(count - 1) as in \(source)",
                        remedy: "correct the row numbers")
                }
                if let other = selectionOfRow[number] {
                    let file = selections.count == other ? "this file" : "\(selections[other].part.rawValue).npy"
                    throw .badData(
                        path, found: "row \(number), which is already in \(file)", expected: "each row once",
                        remedy: "correct the row numbers")
                }
                selectionOfRow[number] = selections.count
            }
            selections.append(RowSelection(part: part, numbers: numbers, path: path))
        }
        guard !selections.isEmpty else {
            throw Fault(
                .noInput, folder, found: "none of train.npy, val.npy, and test.npy", expected: "at least one of them",
                remedy: "check the path")
        }
        return selections
    }
}

/// The labels of all rows of a source.
struct SourceLabels: Sendable {
    let numbers: [Int]
    let path: String

    init(_ numbers: [Int], path: String) {
        self.numbers = numbers
        self.path = path
    }

    /// Reads one label for each of the `count` rows of `images`, or throws `badData` with `remedy`.
    init(_ location: TensorLocation, of images: TensorLocation, count: Int, remedy: Remedy) throws(Fault) {
        self.init(try location.numbers(), path: location.path)
        guard numbers.count == count else {
            throw .badData(
                path, found: "\(numbers.count) labels", expected: "\(count), one per row of \(images.path)",
                remedy: remedy)
        }
    }

    func labels(of rows: [Int], classCount: Int) throws(Fault) -> [Int32] {
        try rows.map { row throws(Fault) in
            guard (0 ..< classCount).contains(numbers[row]), let label = Int32(exactly: numbers[row]) else {
                throw Fault.badData(
                    path, found: "label \(numbers[row]) in row \(row)", expected: "0 to \(classCount - 1)",
                    remedy: "correct the labels or the class names")
            }
            return label
        }
    }
}
