public import Artifacts
public import Kernels

/// The few-shot items: all that training may fit.
public struct Support: Sendable {
    private let source: any FeatureSource
    /// The items, as rows of the train part, in the draw's order.
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
        self.source = source
        self.rows = chosen
        self.labels = chosen.map { all[$0] }
        self.classCount = classCount
    }

    public var count: Int { rows.count }
    public var width: Int { source.width }
    public var viewCount: Int { source.viewCount }

    /// The view that epoch `epoch` trains on: the augmented ones in turn, or the only one.
    public func view(ofEpoch epoch: Int) -> Int { viewCount > 1 ? 1 + epoch % (viewCount - 1) : 0 }

    /// Unit features [B×D] of items (positions in the draw) as epoch `epoch` sees them.
    public func batch(_ items: [Int], epoch: Int, into features: inout Matrix) throws(Fault) {
        try source.read(rows: items.map { rows[$0] }, view: view(ofEpoch: epoch), into: &features)
        normalizeRows(&features)
    }

    /// The cache keys [M×D]: the mean of the raw augmented views, normalised.
    public func keys() throws(Fault) -> Matrix {
        let views = viewCount > 1 ? Array(1 ..< viewCount) : [0]
        var (sum, one) = (Matrix.zeros(count, width), Matrix.zeros(count, width))
        for view in views {
            try source.read(rows: rows, view: view, into: &one)
            add(one, scale: 1 / Float(views.count), to: &sum)
        }
        normalizeRows(&sum)
        return sum
    }

    /// Keys, and the class of each.
    public var owners: KeyOwners { KeyOwners(labels, classCount: classCount) }
}

/// Labelled items to choose epochs and settings on.
public struct Validation: Sendable {
    let items: ScoredItems

    /// Takes the items that `rows` names of a val part, or all of it.
    public init(_ source: any FeatureSource, rows: [Int]? = nil) throws(Fault) {
        try source.require(.val)
        items = try ScoredItems(source, rows: rows)
    }

    public var count: Int { items.labels.count }
}

/// Labelled items to report on: no function that trains or chooses takes them.
public struct TestSet: Sendable {
    let items: ScoredItems

    public init(_ source: any FeatureSource) throws(Fault) {
        try source.require(.test)
        items = try ScoredItems(source, rows: nil)
    }

    /// Takes a part of any kind to evaluate a finished adapter on.
    public init(evaluating source: any FeatureSource) throws(Fault) { items = try ScoredItems(source, rows: nil) }

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

/// Items of a part that are read block by block, view 0, unit rows.
struct ScoredItems: Sendable {
    private let source: any FeatureSource
    private let rows: [Int]?
    let labels: [Int]

    init(_ source: any FeatureSource, rows: [Int]?) throws(Fault) {
        let all = try source.labels()
        self.source = source
        self.rows = rows
        labels = rows.map { $0.map { all[$0] } } ?? all
        guard !labels.isEmpty else { throw .badData(source.name, found: "no items", expected: "at least one") }
    }

    var count: Int { labels.count }
    var width: Int { source.width }

    /// Unit features [B×D] of the items `block`.
    func read(_ block: Range<Int>, into features: inout Matrix) throws(Fault) {
        try source.read(rows: rows.map { Array($0[block]) } ?? Array(block), view: 0, into: &features)
        normalizeRows(&features)
    }

    /// Calls `body` with each block of items and its unit features [B×D].
    func forEachBlock(of size: Int, _ body: (Range<Int>, Matrix) throws(Fault) -> Void) throws(Fault) {
        var features = Matrix.zeros(0, width)
        for start in stride(from: 0, to: count, by: size) {
            let block = start ..< min(count, start + size)
            try read(block, into: &features)
            try body(block, features)
            if rows == nil { source.release(block) }
        }
    }
}

extension FeatureSource {
    fileprivate func require(_ expected: Part) throws(Fault) {
        guard part == expected else {
            throw .badData(name, found: "the \(part.rawValue) part", expected: "the \(expected.rawValue) part")
        }
    }
}
