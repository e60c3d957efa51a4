internal import Core

/// An image of a data set and its class.
public struct Item: Hashable, Sendable {
    /// The path below the split's root, with `/` between folders.
    public let path: String
    /// The class, as an index into the split's class names.
    public let label: Int

    /// An item from its path and label.
    public init(path: String, label: Int) {
        self.path = path
        self.label = label
    }
}

/// The items of one subset in their order, stored in three arrays: ImageNet's train subset takes 60 MB.
public struct ItemList: Sendable, Equatable, RandomAccessCollection {
    /// The class of every item [N].
    public private(set) var labels: [Int32] = []
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// An empty list.
    public init() {}

    /// The list of `items`.
    public init(_ items: some Sequence<Item>) { for item in items { append(item.path, label: item.label) } }

    /// The position of the first item, 0.
    public var startIndex: Int { 0 }
    /// The number of items N.
    public var endIndex: Int { labels.count }

    /// The item at `position`.
    public subscript(position: Int) -> Item {
        Item(path: String(decoding: pathBytes(position), as: UTF8.self), label: Int(labels[position]))
    }

    /// The UTF-8 bytes of one item's path.
    public func pathBytes(_ position: Int) -> ArraySlice<UInt8> {
        bytes[(position == 0 ? 0 : ends[position - 1]) ..< ends[position]]
    }

    /// The XXH3 of one item's path, by which equal paths are found among millions.
    package func pathChecksum(_ position: Int) -> UInt64 { unsafe checksum(pathBytes(position).span.bytes) }

    /// Appends the item at `path` with the class `label`.
    public mutating func append(_ path: String, label: Int) {
        bytes.append(contentsOf: path.utf8)
        ends.append(bytes.count)
        labels.append(Int32(label))
    }

    package mutating func append(_ path: Span<UInt8>, label: Int) {
        unsafe path.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
        labels.append(Int32(label))
    }

    private mutating func append(_ path: ArraySlice<UInt8>, label: Int32) {
        bytes.append(contentsOf: path)
        ends.append(bytes.count)
        labels.append(label)
    }

    mutating func relabelLast(_ label: Int) { labels[labels.count - 1] = Int32(label) }

    /// Returns the items at `rows`, in that order.
    public func selecting(_ rows: some Sequence<Int>) -> ItemList {
        var list = ItemList()
        for row in rows { list.append(pathBytes(row), label: labels[row]) }
        return list
    }

    /// Returns the items whose label `relabel` maps to a new one, with their new labels.
    package func relabeled(_ relabel: [Int32?]) -> ItemList {
        var list = ItemList()
        for row in indices {
            if let label = relabel[Int(labels[row])] { list.append(pathBytes(row), label: label) }
        }
        return list
    }

    /// Returns the number of items of each class [C].
    public func counts(classCount: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: classCount)
        for label in labels { counts[Int(label)] += 1 }
        return counts
    }
}
