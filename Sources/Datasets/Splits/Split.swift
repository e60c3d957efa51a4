public import Core

/// Which items, which class, which part: what every later stage starts from.
public struct Split: Sendable, Equatable {
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
    public var sample: SampleRecord?
    public var provenance: Provenance

    /// A split whose items are all to be found below its root, each with a class of the list.
    ///
    /// - Throws: `badData` naming `path`, the file that the values are from.
    public init(
        dataset: String, root: String, classes: [String], train: ItemList, val: ItemList, test: ItemList,
        origin: ClassOrigin? = nil, sample: SampleRecord? = nil, provenance: Provenance, path: String
    ) throws(Fault) {
        (self.dataset, self.root, self.classes) = (dataset, root, classes)
        (self.train, self.val, self.test) = (train, val, test)
        (self.origin, self.sample, self.provenance) = (origin, sample, provenance)
        try validate(path)
    }

    public subscript(subset: Subset) -> ItemList {
        get {
            switch subset {
            case .train: train
            case .val: val
            case .test: test
            }
        }
        set {
            switch subset {
            case .train: train = newValue
            case .val: val = newValue
            case .test: test = newValue
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
public struct SampleRecord: Hashable, Sendable {
    public var shots: Int
    public var seed: Int
    public var scheme: FewShotSample.Scheme
    /// The SHA-256 of the split's file that the items were drawn from.
    public var parent: Digest

    public init(shots: Int, seed: Int, scheme: FewShotSample.Scheme, parent: Digest) {
        (self.shots, self.seed, self.scheme, self.parent) = (shots, seed, scheme, parent)
    }
}
