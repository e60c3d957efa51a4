public import Core
package import Kernels

/// The few-shot items, the only ones that training may fit.
public struct Support: Sendable {
    private let source: any UnlabelledSource
    private let memo = Memo<Matrix>()
    let scatterMemo = Memo<ClassScatter>()
    /// The items as rows of the train part, in the order of the few-shot sample.
    public let rows: [Int]
    /// The label of each item.
    public let labels: [Int]
    /// The number of classes C.
    public let classCount: Int

    /// Takes the items `rows` of a train part; nil for all.
    ///
    /// - Throws: `badData` if the source is no train part or has no items.
    public init(_ source: any FeatureSource, rows: [Int]? = nil, classCount: Int) throws(Fault) {
        try source.require(.train)
        let all = try source.labels()
        let chosen = rows ?? Array(all.indices)
        guard !chosen.isEmpty else {
            throw .badData(source.name, found: "no items to train on", expected: "at least one")
        }
        self.init(source, rows: chosen, labels: chosen.map { all[$0] }, classCount: classCount)
    }

    /// Takes items with labels from another source.
    init(_ source: any UnlabelledSource, rows: [Int], labels: [Int], classCount: Int) {
        self.source = source
        self.rows = rows
        self.labels = labels
        self.classCount = classCount
    }

    /// The number of items M.
    public var count: Int { rows.count }
    /// The width D of the features.
    public var width: Int { source.width }
    /// The class of each key.
    var keyLabels: KeyLabels { KeyLabels(labels, classCount: classCount) }

    /// The augmented views, or the only view.
    var augmentedViews: [Int] { source.viewCount > 1 ? Array(1 ..< source.viewCount) : [0] }

    /// The view that an epoch trains on: the augmented views in turn, or the only view.
    func view(ofEpoch epoch: Int) -> Int { augmentedViews[epoch % augmentedViews.count] }

    /// Unit features [B×D] of items in one view; items are positions in ``rows``, nil for all.
    func batch(_ items: some Collection<Int>, view: Int) throws(Fault) -> Matrix {
        var features = try source.read(rows: items.map { rows[$0] }, view: view)
        normalizeRows(&features)
        return features
    }

    /// Unit features [M×D] of all items in one view.
    func batch(view: Int) throws(Fault) -> Matrix { normalizeRows(try raw(view: view)).unit }

    /// The stored features [M×D] of all items in one view.
    func raw(view: Int) throws(Fault) -> Matrix { try source.read(rows: rows, view: view) }

    /// The mean of the stored augmented views of each item [M×D], not normalized.
    func rawMeans() throws(Fault) -> Matrix {
        var sum = Matrix.zeros(count, width)
        for view in augmentedViews { add(try raw(view: view), scale: 1 / Float(augmentedViews.count), to: &sum) }
        return sum
    }

    /// The cache keys [M×D]: the normalized means of the stored augmented views, computed once.
    package func keys() throws(Fault) -> Matrix {
        try memo.value { () throws(Fault) in normalizeRows(try rawMeans()).unit }
    }

    /// The first n augmented views of all items as separate samples, unit rows [M·n×D], and the label of each.
    ///
    /// n is the largest number of views that gives at most `limit` samples, and at least 1.
    func samples(limit: Int) throws(Fault) -> (features: Matrix, labels: [Int]) {
        let views = augmentedViews.prefix(max(1, limit / count))
        let parts = try views.map { view throws(Fault) in try batch(view: view) }
        return (.stacked(parts), views.flatMap { _ in labels })
    }
}

/// Labeled items to choose epochs and settings on.
public struct Validation: Sendable {
    let items: ScoredItems
    /// Whether the items are those of the test subset: what is chosen on them is `selected on test`.
    public let isTest: Bool

    /// Takes the items `rows` of a val part; nil for all.
    ///
    /// - Throws: `badData` if the source is no val part or has no items.
    public init(_ source: any FeatureSource, rows: [Int]? = nil, sharing products: SharedProducts? = nil) throws(Fault)
    {
        try source.require(.val)
        items = try ScoredItems(source, rows: rows, products)
        isTest = false
    }

    /// Takes the items `rows` of a train part, for data without a val part; they must not be trained on.
    ///
    /// - Throws: `badData` if the source is no train part or there are no rows.
    public init(
        heldOutFrom source: any FeatureSource, rows: [Int], sharing products: SharedProducts? = nil
    ) throws(Fault) {
        try source.require(.train)
        items = try ScoredItems(source, rows: rows, products)
        isTest = false
    }

    /// Takes the test subset in the place of a val subset, as published code does for ImageNet.
    public init(_ test: SelectionOnTest) {
        items = test.items
        isTest = true
    }

    /// The number of items.
    public var count: Int { items.labels.count }
}

/// Labeled items to report on, which no function that trains or chooses accepts.
public struct TestSet: Sendable {
    let items: ScoredItems

    /// Takes a whole test part.
    ///
    /// - Throws: `badData` if the source is no test part or has no items.
    public init(_ source: any FeatureSource, sharing products: SharedProducts? = nil) throws(Fault) {
        try source.require(.test)
        items = try ScoredItems(source, rows: nil, products)
    }

    /// Takes any part to evaluate a fitted adapter on.
    ///
    /// - Throws: `badData` if the source has no items.
    public init(evaluating source: any FeatureSource) throws(Fault) { items = try ScoredItems(source, rows: nil, nil) }

    /// The number of items N.
    public var count: Int { items.labels.count }
    /// The label of each item [N].
    public var labels: [Int] { items.labels }
}

/// The test part for choosing epochs and settings on it, as published code does.
///
/// Every such choice names this type, and its results say `selected on test`.
public struct SelectionOnTest: Sendable {
    let items: ScoredItems

    /// Takes the items `rows` of the test part; nil for all.
    public init(forComparisonWithPublishedTables test: TestSet, rows: [Int]? = nil) {
        items = rows.map(test.items.selected) ?? test.items
    }
}
