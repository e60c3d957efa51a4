public import Core
public import Kernels

/// The features of one part, in a mapped file or in memory, without the labels of its items.
public protocol UnlabelledSource: Sendable {
    /// The part.
    var part: Subset { get }
    /// The name in error messages.
    var name: String { get }
    /// The number of items.
    var count: Int { get }
    /// The number of views per item.
    var viewCount: Int { get }
    /// D.
    var width: Int { get }
    /// The stored features [rows×D] of the items `rows` in one view.
    func read(rows: [Int], view: Int) throws(Fault) -> Matrix
    /// Releases the memory of the items `rows`, which are not needed for now.
    func release(_ rows: Range<Int>)
}

/// The features of one part with the labels of its items.
public protocol FeatureSource: UnlabelledSource {
    /// The label of each item [N].
    func labels() throws(Fault) -> [Int]
}

/// Features in memory.
public struct FeaturesInMemory: FeatureSource {
    public let part: Subset
    public let name: String
    /// One matrix [N×D] per view.
    public let views: [Matrix]
    private let itemLabels: [Int]

    /// Takes one matrix [N×D] per view, and the label of each item [N].
    public init(_ part: Subset, views: [Matrix], labels: [Int]) {
        precondition(!views.isEmpty && views.allSatisfy { $0.rows == labels.count && $0.columns == views[0].columns })
        self.part = part
        self.name = "\(part.rawValue) features in memory"
        self.views = views
        itemLabels = labels
    }

    public var count: Int { itemLabels.count }
    public var viewCount: Int { views.count }
    public var width: Int { views[0].columns }
    public func labels() -> [Int] { itemLabels }
    public func read(rows: [Int], view: Int) -> Matrix { views[view].rows(at: rows) }
    public func release(_ rows: Range<Int>) {}
}
