/// The class of each cached key, in any order and with any number of keys per class.
public struct KeyOwners: Sendable, Equatable {
    /// The class of each key [M].
    public let owners: [Int]
    /// C.
    public let classCount: Int
    /// The keys of each class, in ascending order.
    package let keysOfClass: [[Int]]

    /// Takes the class of each key, below `classCount`.
    public init(_ owners: [Int], classCount: Int) {
        var keys = [[Int]](repeating: [], count: classCount)
        for (key, owner) in owners.enumerated() { keys[owner].append(key) }
        self.owners = owners
        self.classCount = classCount
        keysOfClass = keys
    }

    /// The number of keys M.
    public var count: Int { owners.count }

    /// The length of the runs of equal labels if all runs are equally long and in class order; nil otherwise.
    var evenRun: Int? {
        guard classCount > 0, count % classCount == 0 else { return nil }
        let run = count / classCount
        guard run > 0, owners.indices.allSatisfy({ owners[$0] == $0 / run }) else { return nil }
        return run
    }
}
