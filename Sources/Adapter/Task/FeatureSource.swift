public import Core
public import Kernels

/// Where features of one part come from, a mapped file or memory, without the items' labels.
public protocol UnlabelledSource: Sendable {
    var part: Subset { get }
    /// What messages call it.
    var name: String { get }
    var count: Int { get }
    var viewCount: Int { get }
    /// D.
    var width: Int { get }
    /// Reads one view of the items that `rows` names, as they are stored, into `features` [rows×D].
    func read(rows: [Int], view: Int, into features: inout Matrix) throws(Fault)
    /// Says that the items of `rows` are not needed for now.
    func release(_ rows: Range<Int>)
}

/// The same with the items' labels.
public protocol FeatureSource: UnlabelledSource {
    /// The label of each item [N].
    func labels() throws(Fault) -> [Int]
}

/// Features in memory.
public struct FeaturesInMemory: FeatureSource {
    public let part: Subset
    public let name: String
    /// One matrix [N×D] a view.
    public let views: [Matrix]
    private let itemLabels: [Int]

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
    public func read(rows: [Int], view: Int, into features: inout Matrix) { features = views[view].rows(at: rows) }
    public func release(_ rows: Range<Int>) {}
}
