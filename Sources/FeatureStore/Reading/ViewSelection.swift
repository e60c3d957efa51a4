/// A range of views of selected items, in the requested order.
struct ViewSelection {
    enum Items {
        case block(Range<Int>)
        case list([Int])
    }

    let items: Items
    let views: Range<Int>
    /// The number of views V per item in the file.
    private let stride: Int

    init(_ items: Items, views: Range<Int>, of shape: FeatureShape) {
        precondition(views.lowerBound >= 0 && views.upperBound <= shape.views, "views \(views) of \(shape.views)")
        switch items {
        case .block(let range):
            precondition(range.lowerBound >= 0 && range.upperBound <= shape.count, "items \(range) of \(shape.count)")
        case .list(let list):
            precondition(list.allSatisfy { $0 >= 0 && $0 < shape.count }, "an item outside 0 ..< \(shape.count)")
        }
        self.items = items
        self.views = views
        stride = shape.views
    }

    var itemCount: Int {
        switch items {
        case .block(let range): range.count
        case .list(let list): list.count
        }
    }

    var count: Int { itemCount * views.count }

    /// Returns the item at a position of the selection.
    func item(_ position: Int) -> Int {
        switch items {
        case .block(let range): range.lowerBound + position
        case .list(let list): list[position]
        }
    }

    /// Returns the row of the file [N×V] for row `index` of the selection.
    func row(_ index: Int) -> Int { item(index / views.count) * stride + views.lowerBound + index % views.count }

    /// Groups the positions of a nonempty selection by runs of `size` items of the file.
    func positions(perRunOf size: Int) -> [(run: Int, positions: [Int])] {
        switch items {
        case .block(let range):
            let runs = range.lowerBound / size ... (range.upperBound - 1) / size
            return runs.map { run in
                let inside = range.clamped(to: run * size ..< (run + 1) * size)
                return (run, Array(inside.lowerBound - range.lowerBound ..< inside.upperBound - range.lowerBound))
            }
        case .list(let list):
            let groups = Dictionary(grouping: list.indices) { list[$0] / size }
            return groups.sorted { $0.key < $1.key }.map { (run: $0.key, positions: $0.value) }
        }
    }
}
