internal import Archives
internal import Core
internal import Splits

/// The folders of a split's items and their state on disk.
struct ItemFolders: Sendable {
    enum State: Sendable, Equatable {
        case present
        /// Missing, with the path of the topmost missing folder below the split's root.
        case absent(String)
        /// An archive in the place of a folder, with its path.
        case archive(String)
    }

    /// The state of the split's root.
    let root: State
    /// The folder of each item [N].
    private var folderOf: [Int32] = []
    private var states: [State] = []

    /// Looks up each folder of `items` once, below the split's `root` in the data root `base`.
    init(_ items: NumberedItems, base: String, root: String) {
        var rootKinds: [String: FileKind] = [:]
        let rootState = root == "." ? .present : Self.state(of: root, below: base, &rootKinds)
        self.root = rootState
        var indices: [ArraySlice<UInt8>: Int32] = [:]
        var known: [String: FileKind] = [:]
        folderOf.reserveCapacity(items.count)
        for number in 0 ..< items.count {
            let path = items.pathBytes(number)
            let end = path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
            if let index = indices[path[..<end]] {
                folderOf.append(index)
                continue
            }
            // A copy, because a slice would keep the whole list of paths in memory.
            indices[ArraySlice(Array(path[..<end]))] = Int32(states.count)
            folderOf.append(Int32(states.count))
            let folder = String(decoding: path[..<end], as: UTF8.self)
            states.append(
                rootState == .present
                    ? Self.state(of: folder, below: root == "." ? base : base.appending(path: root), &known) : rootState
            )
        }
    }

    func state(_ number: Int) -> State { states[Int(folderOf[number])] }

    /// The index of an item's folder, for grouping.
    func folder(_ number: Int) -> Int { Int(folderOf[number]) }

    var folderCount: Int { states.count }

    /// The archives in the place of folders.
    var archives: Set<String> {
        Set(states.compactMap { state in if case .archive(let path) = state { path } else { nil } })
    }

    private static func state(of folder: String, below base: String, _ known: inout [String: FileKind]) -> State {
        var path = ""
        for name in folder.split(separator: "/") {
            path += path.isEmpty ? String(name) : "/\(name)"
            let kind = known[path] ?? FileKind(at: base.appending(path: path))
            known[path] = kind
            switch kind {
            case .folder: continue
            case .file where ArchiveKind(at: base.appending(path: path)) != nil: return .archive(path)
            case .file, .other, .absent: return .absent(path)
            }
        }
        return .present
    }
}

extension ItemFolders {
    /// The minimum share of a folder's items that belong to the folder's class.
    private static let share = 0.9

    /// Returns the numbers of the items whose label differs from that of nearly all items in their folder.
    ///
    /// The list is empty if the data set does not have one folder per class.
    func misplaced(_ items: NumberedItems) -> [Int] {
        var counts = [[Int: Int]](repeating: [:], count: folderCount)
        for number in 0 ..< items.count { counts[folder(number)][items.label(number), default: 0] += 1 }
        let labels = counts.map { counts in
            counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
                .flatMap { Double($0.value) >= Self.share * Double(counts.values.reduce(0, +)) ? $0.key : nil }
        }
        // Every folder has a class, and every class has a folder.
        let classes = Set(counts.flatMap(\.keys))
        guard classes.count > 1, Set(labels) == Set(classes.map(Optional.some)) else { return [] }
        return (0 ..< items.count).filter { items.label($0) != labels[folder($0)] }
    }
}
