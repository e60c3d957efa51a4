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

    /// Looks up each folder once.
    ///
    /// - Parameters:
    ///   - items: the items.
    ///   - base: the data root.
    ///   - root: the split's root below the data root; `.` for the data root itself.
    init(_ items: NumberedItems, base: String, root: String) {
        let rootState = root == "." ? .present : Self.state(of: root, below: base)
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
                    ? Self.state(of: folder, below: root == "." ? base : "\(base)/\(root)", &known) : rootState)
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

    private static func state(of folder: String, below base: String) -> State {
        var known: [String: FileKind] = [:]
        return state(of: folder, below: base, &known)
    }

    private static func state(of folder: String, below base: String, _ known: inout [String: FileKind]) -> State {
        var path = ""
        for name in folder.split(separator: "/") {
            path += path.isEmpty ? String(name) : "/\(name)"
            let kind = known[path] ?? FileKind(at: "\(base)/\(path)")
            known[path] = kind
            switch kind {
            case .folder: continue
            case .file where ArchiveKind(at: "\(base)/\(path)") != nil: return .archive(path)
            case .file, .other, .absent: return .absent(path)
            }
        }
        return .present
    }
}
