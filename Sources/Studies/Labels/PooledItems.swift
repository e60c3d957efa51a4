internal import Adapter
internal import Core
internal import FeatureStore
internal import Kernels

/// The items of several subsets of a feature folder with their plain views, one subset after the other.
struct PooledItems: Sendable {
    let classes: [String]
    private(set) var ids: [String] = []
    private(set) var subsets: [Subset] = []
    private(set) var labels: [Int] = []
    /// The feature files.
    private(set) var parts: [OpenedPart] = []

    /// Opens the subsets that the folder has; nil stands for all of them.
    ///
    /// - Throws: `noInput` if a named subset is missing.
    init(_ path: String, _ chosen: Subset?) throws(Fault) {
        let opened = try OpenedFolder(path)
        classes = opened.classes
        if let chosen {
            parts = [try opened.require(chosen, remedy: "name a subset that the folder has")]
        } else {
            parts = [opened.train, opened.val, opened.test].compactMap(\.self)
        }
        for part in parts {
            ids += try part.ids()
            labels += try part.labels()
            subsets += Array(repeating: part.part, count: part.count)
        }
        guard !ids.isEmpty else {
            throw .badData(path, found: "no images", expected: "at least one", remedy: "name another folder")
        }
    }

    /// The unit features [N×D].
    func features() throws(Fault) -> Matrix {
        var blocks: [Matrix] = []
        for part in parts {
            for start in stride(from: 0, to: part.count, by: 4096) {
                let rows = start ..< min(part.count, start + 4096)
                blocks.append(normalizeRows(try part.read(rows: Array(rows), view: 0)).unit)
                part.release(rows)
            }
        }
        return .stacked(blocks)
    }
}
