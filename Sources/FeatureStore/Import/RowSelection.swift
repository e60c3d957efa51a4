internal import Core

/// Which rows of a source become which part.
enum RowSelection {
    /// Row numbers by part, and the file that names them.
    struct Rows: Sendable {
        let part: Subset
        let numbers: [Int]
        let path: String
    }

    /// Reads `train.npy`, `val.npy` and `test.npy` of `folder`, which number rows of a source with `count` rows.
    ///
    /// - Throws: `noInput` if there is none of them, `badData` for a number out of range, repeated or in two parts.
    static func read(_ folder: String, count: Int, source: String) throws(Fault) -> [Rows] {
        guard try FileKind.found(at: folder) == .folder else {
            throw Fault(
                .noInput, folder, found: "no folder", expected: "a folder with train.npy, val.npy and test.npy",
                remedy: "check the path")
        }
        var selections: [Rows] = []
        var owners = [Int?](repeating: nil, count: count)
        for part in Subset.allCases {
            let path = "\(folder)/\(part.rawValue).npy"
            guard try FileKind.found(at: path) != .absent else { continue }
            let numbers = try TensorLocation.npy(path).numbers()
            guard !numbers.isEmpty else {
                throw .badData(path, found: "no row number", expected: "at least one", remedy: "remove the file")
            }
            for number in numbers {
                guard (0 ..< count).contains(number) else {
                    throw .badData(
                        path, found: "row \(number)", expected: "0 to \(count - 1) as in \(source)",
                        remedy: "correct the row numbers")
                }
                if let owner = owners[number] {
                    let other = selections.count == owner ? "before" : "in \(selections[owner].part.rawValue).npy"
                    throw .badData(
                        path, found: "row \(number), which comes \(other) too", expected: "each row once",
                        remedy: "correct the row numbers")
                }
                owners[number] = selections.count
            }
            selections.append(Rows(part: part, numbers: numbers, path: path))
        }
        guard !selections.isEmpty else {
            throw Fault(
                .noInput, folder, found: "none of train.npy, val.npy and test.npy", expected: "row numbers in them",
                remedy: "check the path")
        }
        return selections
    }
}
