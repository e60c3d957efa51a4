internal import Core
internal import TensorFiles

/// The rows of a source that belong to a subset.
struct RowSelection: Sendable {
    let part: Subset
    let numbers: [Int]
    /// The file of the row numbers; nil if all rows are selected.
    var path: String?

    /// Reads the row numbers in `train.npy`, `val.npy`, and `test.npy` of `folder` for a source with `count` rows.
    ///
    /// A file may instead have a Boolean for each row.
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
            let numbers = try numbers(path, count: count, source: source)
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

    /// Reads row numbers, or the positions of true Booleans.
    private static func numbers(_ path: String, count: Int, source: String) throws(Fault) -> [Int] {
        let file = try TensorSource(ArrayReference(path: path, name: nil), .labels)
        let numbers = try file.numbers()
        guard try file.type() == .bool else { return numbers }
        guard numbers.count == count else {
            throw .badData(
                path, found: "\(numbers.count) Booleans", expected: "\(count), one per row of \(source)",
                remedy: "save the row numbers, as numpy.flatnonzero(mask)")
        }
        return numbers.indices.filter { numbers[$0] != 0 }
    }
}
