internal import Kernels

/// The class of each cached key, in any order and with any number of keys per class.
package struct KeyLabels: Sendable, Equatable {
    package let labels: [Int]  // The class of each key [M]
    package let classCount: Int  // C
    /// The keys of each class, in ascending order.
    let keysOfClass: [[Int]]

    /// Takes the class of each key, below `classCount`.
    package init(_ labels: [Int], classCount: Int) {
        var keys = [[Int]](repeating: [], count: classCount)
        for (key, label) in labels.enumerated() { keys[label].append(key) }
        self.labels = labels
        self.classCount = classCount
        keysOfClass = keys
    }

    /// One key per class.
    init(classCount: Int) { self.init(Array(0 ..< classCount), classCount: classCount) }

    /// The number of keys M.
    package var count: Int { labels.count }

    /// The length of the runs of equal labels if all runs are equally long and in class order; nil otherwise.
    var evenRun: Int? {
        guard classCount > 0, count % classCount == 0 else { return nil }
        let run = count / classCount
        guard run > 0, labels.indices.allSatisfy({ labels[$0] == $0 / run }) else { return nil }
        return run
    }
}
