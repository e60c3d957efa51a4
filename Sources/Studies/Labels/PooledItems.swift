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
        .stacked(try parts.filter { $0.count > 0 }.map { part throws(Fault) in try part.unitFeatures() })
    }
}

extension OpenedPart {
    /// The unit features of the plain views [N×D].
    func unitFeatures() throws(Fault) -> Matrix {
        var blocks: [Matrix] = []
        for start in stride(from: 0, to: count, by: 4096) {
            let rows = start ..< min(count, start + 4096)
            blocks.append(normalizeRows(try read(rows: Array(rows), view: 0)).unit)
            release(rows)
        }
        return .stacked(blocks)
    }
}
