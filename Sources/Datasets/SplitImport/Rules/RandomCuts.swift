internal import Core
internal import Splits

/// The two cuts of CoOp's code, which is where its published splits are from.
extension RawParts {
    /// Shuffles the items of one class and adds half of them to train, a fifth to val and the rest to test.
    ///
    /// - Returns: false if they are too few to leave something for every part.
    mutating func addCut(
        _ paths: consuming [String], label: Int, prefix: String = "", using random: inout PythonRandom
    ) -> Bool {
        random.shuffle(&paths)
        let train = pythonRound(paths.count, times: 0.5)
        let val = pythonRound(paths.count, times: 0.2)
        guard train > 0, val > 0, train + val < paths.count else { return false }
        for (place, path) in paths.enumerated() {
            let path = prefix + path
            if place < train {
                self.train.append(path, label: label)
            } else if place < train + val {
                self.val.append(path, label: label)
            } else {
                test.append(path, label: label)
            }
        }
        return true
    }

    /// Moves a fifth of every class of ``train`` to ``val``, the classes in the order in which they first appear.
    ///
    /// - Throws: `badData` naming `path` and a class that has too few items.
    mutating func cutVal(seed: Int, path: String) throws(Fault) {
        var random = PythonRandom(seed: seed)
        var (kept, moved): ([Int], [Int]) = ([], [])
        for var rows in FirstAppearance.groups(train.labels) {
            let count = pythonRound(rows.count, times: 0.2)
            guard count > 0 else {
                let name = classes[Int(train.labels[rows[0]])]
                throw .badData(
                    path, found: "\(rows.count) items of the class '\(name)'",
                    expected: "at least 3, as a fifth becomes the val part", remedy: "get the file again")
            }
            random.shuffle(&rows)
            moved += rows.prefix(count)
            kept += rows.dropFirst(count)
        }
        val = train.selecting(moved)
        train = train.selecting(kept)
    }
}

/// The places of equal labels, the labels in the order in which they first appear.
enum FirstAppearance {
    static func groups(_ labels: [Int32]) -> [[Int]] {
        var groups: [[Int]] = []
        var places: [Int32: Int] = [:]
        for (row, label) in labels.enumerated() {
            if let place = places[label] {
                groups[place].append(row)
            } else {
                places[label] = groups.count
                groups.append([row])
            }
        }
        return groups
    }
}

/// Python's `round(count * factor)`: halves go to the even neighbour, of the product as a double has it.
func pythonRound(_ count: Int, times factor: Double) -> Int {
    Int((Double(count) * factor).rounded(.toNearestOrEven))
}
