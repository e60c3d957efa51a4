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

extension UnlabelledSource {
    /// Keeps all memory.
    public func release(_ rows: Range<Int>) {}

    /// Throws `badData` unless the source is the part `expected`.
    func require(_ expected: Subset) throws(Fault) {
        guard part == expected else {
            throw .badData(name, found: "the \(part.rawValue) part", expected: "the \(expected.rawValue) part")
        }
    }
}

/// The features of one part with the labels of its items.
public protocol FeatureSource: UnlabelledSource {
    /// The label of each item [N].
    func labels() throws(Fault) -> [Int]
}

/// Features in memory.
public struct FeaturesInMemory: FeatureSource {
    /// The part.
    public let part: Subset
    /// The name in error messages.
    public var name: String { "\(part.rawValue) features in memory" }
    /// One matrix [N×D] per view.
    public let views: [Matrix]
    private let itemLabels: [Int]

    /// Takes one matrix [N×D] per view, and the label of each item [N].
    public init(_ part: Subset, views: [Matrix], labels: [Int]) {
        precondition(!views.isEmpty && views.allSatisfy { $0.rows == labels.count && $0.columns == views[0].columns })
        self.part = part
        self.views = views
        itemLabels = labels
    }

    /// The number of items N.
    public var count: Int { itemLabels.count }
    /// The number of views per item.
    public var viewCount: Int { views.count }
    /// The width D of the features.
    public var width: Int { views[0].columns }
    /// The label of each item [N].
    public func labels() -> [Int] { itemLabels }
    /// The features [rows×D] of the items `rows` in one view.
    public func read(rows: [Int], view: Int) -> Matrix { views[view].rows(at: rows) }
}
