public import Core
public import Kernels

/// The few-shot items, the only ones that training may fit.
public struct Support: Sendable {
    private let source: any UnlabelledSource
    private let memo = Memo<Matrix>()
    let scatterMemo = Memo<ClassScatter>()
    /// The items as rows of the train part, in the order of the few-shot sample.
    public let rows: [Int]
    /// The label of each item.
    public let labels: [Int]
    /// C.
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
    /// D.
    public var width: Int { source.width }
    /// The number of views per item.
    public var viewCount: Int { source.viewCount }

    /// The augmented views, or the only view.
    public var augmentedViews: [Int] { viewCount > 1 ? Array(1 ..< viewCount) : [0] }

    /// The view that an epoch trains on: the augmented views in turn, or the only view.
    public func view(ofEpoch epoch: Int) -> Int { augmentedViews[epoch % augmentedViews.count] }

    /// Unit features [B×D] of items in one view; items are positions in ``rows``.
    public func batch(_ items: [Int], view: Int) throws(Fault) -> Matrix {
        var features = try source.read(rows: items.map { rows[$0] }, view: view)
        normalizeRows(&features)
        return features
    }

    /// The stored features [M×D] of all items in one view.
    public func raw(view: Int) throws(Fault) -> Matrix { try source.read(rows: rows, view: view) }

    /// The mean of the stored augmented views of each item [M×D], not normalized.
    public func rawMeans() throws(Fault) -> Matrix {
        var sum = Matrix.zeros(count, width)
        for view in augmentedViews { add(try raw(view: view), scale: 1 / Float(augmentedViews.count), to: &sum) }
        return sum
    }

    /// The cache keys [M×D]: the normalized means of the stored augmented views, computed once.
    public func keys() throws(Fault) -> Matrix {
        try memo.value { () throws(Fault) in
            var keys = try rawMeans()
            normalizeRows(&keys)
            return keys
        }
    }

    /// The first n augmented views of all items as separate samples, unit rows [M·n×D], and the label of each.
    ///
    /// n is the largest number of views that gives at most `limit` samples, and at least 1.
    func samples(limit: Int) throws(Fault) -> (features: Matrix, labels: [Int]) {
        let views = augmentedViews.prefix(max(1, limit / count))
        var parts: [Matrix] = []
        for view in views {
            var features = try raw(view: view)
            normalizeRows(&features)
            parts.append(features)
        }
        return (.stacked(parts), views.flatMap { _ in labels })
    }

    /// The class of each key.
    public var keyLabels: KeyLabels { KeyLabels(labels, classCount: classCount) }
}

/// Labeled items to choose epochs and settings on.
public struct Validation: Sendable {
    let items: ScoredItems

    /// Takes the items `rows` of a val part; nil for all.
    ///
    /// - Throws: `badData` if the source is no val part or has no items.
    public init(_ source: any FeatureSource, rows: [Int]? = nil, sharing products: SharedProducts? = nil) throws(Fault)
    {
        try source.require(.val)
        items = try ScoredItems(source, rows: rows, products)
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

/// The test part for choosing epochs on it, as published code does.
///
/// Every such choice names this type, and its results say `selected on test`.
public struct SelectionOnTest: Sendable {
    let items: ScoredItems

    /// Takes the test part.
    public init(forComparisonWithPublishedTables test: TestSet) { items = test.items }
}

extension FeatureSource {
    fileprivate func require(_ expected: Subset) throws(Fault) {
        guard part == expected else {
            throw .badData(name, found: "the \(part.rawValue) part", expected: "the \(expected.rawValue) part")
        }
    }
}
