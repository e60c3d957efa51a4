public import Core

/// Which items, which class, which part: what every later stage starts from.
public struct Split: Sendable, Equatable {
    /// The parts that a split has.
    public static let parts: [Part] = [.train, .val, .test]

    /// The data set's name, as `caltech101`.
    public var dataset: String
    /// The folder that paths lie under, relative to the data root; `.` for the root itself.
    public var root: String
    /// Class names; a label is a place in this list.
    public var classes: [String]
    public var train: ItemList
    public var val: ItemList
    public var test: ItemList
    /// Where the classes are some of another split's.
    public var origin: ClassOrigin?
    /// Where `train` is drawn from a larger split.
    public var draw: DrawRecord?
    public var provenance: Provenance

    /// A split whose items are all to be found below its root, each with a class of the list.
    ///
    /// - Throws: `badData` naming `path`, the file that the values are from.
    public init(
        dataset: String, root: String, classes: [String], train: ItemList, val: ItemList, test: ItemList,
        origin: ClassOrigin? = nil, draw: DrawRecord? = nil, provenance: Provenance, path: String
    ) throws(Fault) {
        (self.dataset, self.root, self.classes) = (dataset, root, classes)
        (self.train, self.val, self.test) = (train, val, test)
        (self.origin, self.draw, self.provenance) = (origin, draw, provenance)
        try validate(path)
    }

    public subscript(part: Part) -> ItemList {
        get {
            switch part {
            case .train: train
            case .val: val
            case .test: test
            case .text: preconditionFailure("a split has no text part")
            }
        }
        set {
            switch part {
            case .train: train = newValue
            case .val: val = newValue
            case .test: test = newValue
            case .text: preconditionFailure("a split has no text part")
            }
        }
    }

    /// How many items all parts have.
    public var itemCount: Int { train.count + val.count + test.count }
}

/// The classes of another data set that a split's classes are.
public struct ClassOrigin: Hashable, Sendable {
    /// The data set or split, as `imagenet`.
    public var dataset: String
    /// For each class of this split its label there [C].
    public var labels: [Int]

    public init(dataset: String, labels: [Int]) { (self.dataset, self.labels) = (dataset, labels) }
}

/// How few-shot items were drawn.
public struct DrawRecord: Hashable, Sendable {
    public var shots: Int
    public var seed: Int
    public var scheme: FewShotDraw.Scheme
    /// The SHA-256 of the split's file that the items were drawn from.
    public var parent: Digest

    public init(shots: Int, seed: Int, scheme: FewShotDraw.Scheme, parent: Digest) {
        (self.shots, self.seed, self.scheme, self.parent) = (shots, seed, scheme, parent)
    }
}
