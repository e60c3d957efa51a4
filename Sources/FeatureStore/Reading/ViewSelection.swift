/// Some views of some items, in the order in which a caller wants them.
struct ViewSelection {
    /// Consecutive items, or any.
    enum Items {
        case block(Range<Int>)
        case list([Int])
    }

    let items: Items
    let views: Range<Int>
    /// Views V of an item in the file.
    private let stride: Int

    /// A selection inside a file of `shape`.
    init(_ items: Items, views: Range<Int>, of shape: FeatureShape) {
        precondition(views.lowerBound >= 0 && views.upperBound <= shape.views, "views \(views) of \(shape.views)")
        switch items {
        case .block(let range):
            precondition(range.lowerBound >= 0 && range.upperBound <= shape.count, "items \(range) of \(shape.count)")
        case .list(let list):
            precondition(list.allSatisfy { $0 >= 0 && $0 < shape.count }, "an item outside 0 ..< \(shape.count)")
        }
        (self.items, self.views, stride) = (items, views, shape.views)
    }

    var itemCount: Int {
        switch items {
        case .block(let range): range.count
        case .list(let list): list.count
        }
    }

    /// Rows in all.
    var count: Int { itemCount * views.count }

    /// The item at a place of the selection.
    func item(_ place: Int) -> Int {
        switch items {
        case .block(let range): range.lowerBound + place
        case .list(let list): list[place]
        }
    }

    /// The row of the file [N×V] that is the selection's row `index`.
    func row(_ index: Int) -> Int {
        item(index / views.count) * stride + views.lowerBound + index % views.count
    }

    /// The places of a selection that is not empty whose items are in each run of `size` items, for the runs that hold any.
    func places(inRunsOf size: Int) -> [(run: Int, places: [Int])] {
        switch items {
        case .block(let range):
            let runs = range.lowerBound / size ... (range.upperBound - 1) / size
            return runs.map { run in
                let inside = range.clamped(to: run * size ..< (run + 1) * size)
                return (run, Array(inside.lowerBound - range.lowerBound ..< inside.upperBound - range.lowerBound))
            }
        case .list(let list):
            let groups = Dictionary(grouping: list.indices) { list[$0] / size }
            return groups.sorted { $0.key < $1.key }.map { (run: $0.key, places: $0.value) }
        }
    }
}
