public import Core

/// The items of a data set, their classes and their subsets.
public struct Split: Sendable, Equatable {
    /// The data set's name, such as `caltech101`.
    public var dataset: String
    /// The folder of the items' paths, relative to the data root; `.` for the root itself.
    public var root: String
    /// The class names [C]; a label is an index into this list.
    public var classes: [String]
    /// The items to train on.
    public var train: ItemList
    /// The items to choose settings on.
    public var val: ItemList
    /// The items to test on.
    public var test: ItemList
    /// The labels of the classes in another data set; nil if the split has classes of its own.
    public var origin: ClassOrigin?
    /// The parameters of the few-shot sample that the split is; nil for a whole split.
    public var sample: SampleRecord?
    /// The tool, inputs and settings that made the split.
    public var provenance: Provenance

    /// A whole split whose paths stay below its root and whose labels are in the class list.
    ///
    /// A subset without an entry in `items` is empty.
    ///
    /// - Throws: `badData` naming `path`, the file that the values are from.
    public init(
        dataset: String, root: String, classes: [String], items: [Subset: ItemList], provenance: Provenance,
        path: String
    ) throws(Fault) {
        self.dataset = dataset
        self.root = root
        self.classes = classes
        train = items[.train] ?? ItemList()
        val = items[.val] ?? ItemList()
        test = items[.test] ?? ItemList()
        self.provenance = provenance
        try validate(path)
    }

    /// The items of `subset`.
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

    /// The number of items in all subsets.
    public var itemCount: Int { train.count + val.count + test.count }
}

/// The labels of a split's classes in another data set.
public struct ClassOrigin: Hashable, Sendable, Codable {
    /// The other data set or split, such as `imagenet`.
    public var dataset: String
    /// The label there of each class of this split [C].
    public var labels: [Int]

    /// The origin in `dataset`, with one label per class.
    public init(dataset: String, labels: [Int]) {
        self.dataset = dataset
        self.labels = labels
    }
}

/// The parameters of a few-shot sample.
public struct SampleRecord: Hashable, Sendable, Codable {
    /// Train items per class.
    public var shots: Int
    /// The seed of the random generator.
    public var seed: Int
    /// The sampling scheme.
    public var scheme: FewShotSample.Scheme
    /// The SHA-256 of the file of the whole split.
    public var parent: Digest

    /// A record from its four parameters.
    public init(shots: Int, seed: Int, scheme: FewShotSample.Scheme, parent: Digest) {
        self.shots = shots
        self.seed = seed
        self.scheme = scheme
        self.parent = parent
    }
}
