public import Core
public import Kernels

/// The few-shot items: all that training may fit.
public struct Support: Sendable {
    private let source: any UnlabelledSource
    private let memo = Memo<Matrix>()
    let scatterMemo = Memo<ClassScatter>()
    /// The items, as rows of the train part, in the sample's order.
    public let rows: [Int]
    /// The label of each item.
    public let labels: [Int]
    public let classCount: Int

    /// Takes the items that `rows` names of a train part, or all of it.
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

    /// Takes items with labels from elsewhere.
    init(_ source: any UnlabelledSource, rows: [Int], labels: [Int], classCount: Int) {
        (self.source, self.rows, self.labels, self.classCount) = (source, rows, labels, classCount)
    }

    public var count: Int { rows.count }
    public var width: Int { source.width }
    public var viewCount: Int { source.viewCount }

    /// The augmented views, or the only one.
    public var augmentedViews: [Int] { viewCount > 1 ? Array(1 ..< viewCount) : [0] }

    /// The view that epoch `epoch` trains on: the augmented ones in turn, or the only one.
    public func view(ofEpoch epoch: Int) -> Int { augmentedViews[epoch % augmentedViews.count] }

    /// Unit features [B×D] of items (positions in the sample) in view `view`.
    public func batch(_ items: [Int], view: Int, into features: inout Matrix) throws(Fault) {
        try source.read(rows: items.map { rows[$0] }, view: view, into: &features)
        normalizeRows(&features)
    }

    /// One view of all items as it is stored [M×D].
    public func raw(view: Int) throws(Fault) -> Matrix {
        var features = Matrix.zeros(0, width)
        try source.read(rows: rows, view: view, into: &features)
        return features
    }

    /// The mean of the raw augmented views of each item [M×D], not normalised.
    public func rawMeans() throws(Fault) -> Matrix {
        var sum = Matrix.zeros(count, width)
        for view in augmentedViews { add(try raw(view: view), scale: 1 / Float(augmentedViews.count), to: &sum) }
        return sum
    }

    /// The cache keys [M×D]: the mean of the raw augmented views, normalised; formed once for all who ask.
    public func keys() throws(Fault) -> Matrix {
        try memo.value { () throws(Fault) in
            var keys = try rawMeans()
            normalizeRows(&keys)
            return keys
        }
    }

    /// The first augmented views of all items as separate samples, unit rows [M·n×D], and the label of each.
    ///
    /// n is as many views as there are, up to `limit` samples, at least one.
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

    /// Keys, and the class of each.
    public var owners: KeyOwners { KeyOwners(labels, classCount: classCount) }
}

/// Labelled items to choose epochs and settings on.
public struct Validation: Sendable {
    let items: ScoredItems

    /// Takes the items that `rows` names of a val part, or all of it.
    public init(_ source: any FeatureSource, rows: [Int]? = nil, sharing products: SharedProducts? = nil) throws(Fault)
    {
        try source.require(.val)
        items = try ScoredItems(source, rows: rows, products)
    }

    public var count: Int { items.labels.count }
}

/// Labelled items to report on: no function that trains or chooses takes them.
public struct TestSet: Sendable {
    let items: ScoredItems

    public init(_ source: any FeatureSource, sharing products: SharedProducts? = nil) throws(Fault) {
        try source.require(.test)
        items = try ScoredItems(source, rows: nil, products)
    }

    /// Takes a part of any kind to evaluate a finished adapter on.
    public init(evaluating source: any FeatureSource) throws(Fault) { items = try ScoredItems(source, rows: nil, nil) }

    public var count: Int { items.labels.count }
    /// The label of each item [N].
    public var labels: [Int] { items.labels }
}

/// The test part as the published code uses it: to choose on.
///
/// Its name is in every place that the choice is made; results say `selected on test`.
public struct SelectionOnTest: Sendable {
    let items: ScoredItems

    public init(forComparisonWithPublishedTables test: TestSet) { items = test.items }
}

extension FeatureSource {
    fileprivate func require(_ expected: Subset) throws(Fault) {
        guard part == expected else {
            throw .badData(name, found: "the \(part.rawValue) part", expected: "the \(expected.rawValue) part")
        }
    }
}
