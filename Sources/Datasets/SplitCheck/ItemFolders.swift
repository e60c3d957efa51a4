internal import Archives
internal import Core
internal import Splits

/// The folders that a split's items lie in, and what is found in their places.
struct ItemFolders: Sendable {
    enum State: Sendable, Equatable {
        case present
        /// Nothing there; names the uppermost folder that is missing, below the split's root.
        case absent(String)
        /// Not a folder but an archive, whose path this is.
        case archive(String)
    }

    /// What is at the split's root itself.
    let root: State
    /// The folder of each item [N].
    private var folderOf: [Int32] = []
    private var states: [State] = []

    /// Looks at each folder once.
    ///
    /// - Parameters:
    ///   - items: the items.
    ///   - base: the data root.
    ///   - root: the split's root below it; `.` for the data root itself.
    init(_ items: NumberedItems, base: String, root: String) {
        let rootState = root == "." ? .present : Self.state(of: root, below: base)
        self.root = rootState
        var places: [ArraySlice<UInt8>: Int32] = [:]
        var known: [String: FileKind] = [:]
        folderOf.reserveCapacity(items.count)
        for number in 0 ..< items.count {
            let path = items.pathBytes(number)
            let end = path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
            if let place = places[path[..<end]] {
                folderOf.append(place)
                continue
            }
            // A copy, so that the dictionary does not keep the whole list of paths.
            places[ArraySlice(Array(path[..<end]))] = Int32(states.count)
            folderOf.append(Int32(states.count))
            let folder = String(decoding: path[..<end], as: UTF8.self)
            states.append(
                rootState == .present
                    ? Self.state(of: folder, below: root == "." ? base : "\(base)/\(root)", &known) : rootState)
        }
    }

    func state(_ number: Int) -> State { states[Int(folderOf[number])] }

    /// A number for the folder of each item, for grouping.
    func folder(_ number: Int) -> Int { Int(folderOf[number]) }

    var folderCount: Int { states.count }

    /// The archives that stand in folders' places.
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
