internal import Core
internal import Splits

/// The classes and items of a split made by a rule.
struct RawSplit {
    var classes: [String]
    var train = ItemList()
    var val = ItemList()
    var test = ItemList()
    var origin: ClassOrigin?
}

/// The two random divisions of CoOp's code, from which its published splits are.
extension RawSplit {
    /// Shuffles the items of one class and adds half of them to train, a fifth to val and the rest to test.
    ///
    /// - Returns: false if there are too few items for three subsets.
    mutating func divide(
        _ paths: consuming [String], label: Int, prefix: String = "", using random: inout PythonRandom
    ) -> Bool {
        random.shuffle(&paths)
        let train = pythonRound(paths.count, times: 0.5)
        let val = pythonRound(paths.count, times: 0.2)
        guard train > 0, val > 0, train + val < paths.count else { return false }
        for (index, path) in paths.enumerated() {
            let path = prefix + path
            if index < train {
                self.train.append(path, label: label)
            } else if index < train + val {
                self.val.append(path, label: label)
            } else {
                test.append(path, label: label)
            }
        }
        return true
    }

    /// Moves a fifth of each class from ``train`` to ``val``, class by class in order of first appearance.
    ///
    /// - Throws: `badData` naming `path` and a class with too few items.
    mutating func divideTrain(seed: Int, path: String) throws(Fault) {
        var random = PythonRandom(seed: seed)
        var kept: [Int] = []
        var moved: [Int] = []
        for var rows in FirstAppearance.groups(train.labels) {
            let count = pythonRound(rows.count, times: 0.2)
            guard count > 0 else {
                let name = classes[Int(train.labels[rows[0]])]
                throw .badData(
                    path, found: "\(rows.count) items of the class '\(name)'",
                    expected: "at least 3, because a fifth becomes the val subset", remedy: "download the file again")
            }
            random.shuffle(&rows)
            moved += rows.prefix(count)
            kept += rows.dropFirst(count)
        }
        val = train.selecting(moved)
        train = train.selecting(kept)
    }
}

/// The rows of equal labels, in order of first appearance of the labels.
enum FirstAppearance {
    static func groups(_ labels: [Int32]) -> [[Int]] {
        var groups: [[Int]] = []
        var indices: [Int32: Int] = [:]
        for (row, label) in labels.enumerated() {
            if let index = indices[label] {
                groups[index].append(row)
            } else {
                indices[label] = groups.count
                groups.append([row])
            }
        }
        return groups
    }
}

/// Python's `round(count * factor)`: the product in double precision, rounded half to even.
func pythonRound(_ count: Int, times factor: Double) -> Int {
    Int((Double(count) * factor).rounded(.toNearestOrEven))
}
