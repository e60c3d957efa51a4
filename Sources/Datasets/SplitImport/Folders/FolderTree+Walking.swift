package import Core

extension FolderTree {
    /// Lists the folder at `path` on all cores; the result does not depend on the number of threads.
    ///
    /// A link to a file counts as a file. Links to folders are followed after all real folders, in the order of their
    /// paths, and only to folders that are not in the tree yet, so that there are no cycles. The notes of the tree are
    /// on entries that were left out. `progress` receives the number of files found, on the caller's thread.
    ///
    /// - Throws: `noInput` for a folder that cannot be read, `badData` for names in invalid UTF-8 and for folders
    ///   nested deeper than ``depthLimit``.
    package static func walking(
        _ path: String, progress: SplitImport.Progress = { _, _ in }
    ) throws(Fault) -> FolderTree {
        var walk = try FolderWalk(path)
        try walk.run(progress)
        return walk.tree()
    }
}

/// A walk through a folder, breadth first.
private struct FolderWalk: ~Copyable {
    private struct Place {
        let path: String
        let depth: Int
        let parent: Int
        let name: String
    }

    /// The number of folders read between two progress reports.
    private static let batch = 256

    private let root: RootFolder
    private var list = FolderList()
    private var links: [Place] = []
    /// The folders in the tree, with the path of their discovery.
    private var known: [FolderIdentity: String] = [:]
    private var notes: [(path: String, text: String)] = []
    private var fileCount = 0

    init(_ path: String) throws(Fault) { root = try RootFolder(path: path) }

    mutating func run(_ progress: SplitImport.Progress) throws(Fault) {
        try walk(Place(path: "", depth: 0, parent: 0, name: ""), progress)
        while let first = links.indices.min(by: { Self.precedes(links[$0].path, links[$1].path) }) {
            try walk(links.remove(at: first), progress)
        }
    }

    consuming func tree() -> FolderTree {
        notes.sort { Self.precedes($0.path, $1.path) }
        return list.tree(notes: notes.map { "\($0.path): \($0.text)" })
    }

    /// Walks `start` and all folders below it, breadth first.
    private mutating func walk(_ start: Place, _ progress: SplitImport.Progress) throws(Fault) {
        var level = [start]
        while !level.isEmpty {
            var next: [Place] = []
            for first in stride(from: 0, to: level.count, by: Self.batch) {
                let places = Array(level[first ..< min(first + Self.batch, level.count)])
                let listings = Self.read(places, root)
                for (place, listing) in zip(places, listings) { try take(listing.get(), at: place, &next) }
                try progress(fileCount, fileCount)
            }
            level = next
        }
    }

    private static func read(_ places: [Place], _ root: borrowing RootFolder) -> [Result<FolderListing, Fault>] {
        Parallel.map(places.count) { index in
            Result { () throws(Fault) in try FolderListing(places[index].path, below: root) }
        }
    }

    private mutating func take(_ listing: FolderListing, at place: Place, _ next: inout [Place]) throws(Fault) {
        if let other = known[listing.identity] {
            let name = other.isEmpty ? "the top folder" : "'\(other)'"
            notes.append((place.path, "the same folder as \(name), used once"))
            return
        }
        known[listing.identity] = place.path
        let index = place.path.isEmpty ? 0 : list.append(place.name, in: place.parent)
        list.entries[index].files = listing.files
        fileCount += listing.files.count
        func below(_ name: String) -> Place {
            Place(
                path: place.path.isEmpty ? name : place.path.appending(path: name), depth: place.depth + 1,
                parent: index,
                name: name)
        }
        if place.depth == FolderTree.depthLimit, !listing.folders.isEmpty || !listing.links.isEmpty {
            throw .badData(
                root.path,
                found: "more than \(FolderTree.depthLimit) nested folders below '\(place.path.prefix(80))...'",
                expected: "at most \(FolderTree.depthLimit)", remedy: "give a folder closer to the images")
        }
        next.append(contentsOf: listing.folders.map(below))
        links.append(contentsOf: listing.links.map(below))
        for (name, reason) in listing.leftOut { notes.append((below(name).path, "\(reason), left out")) }
    }

    /// The order of the tree, which compares paths name by name.
    private static func precedes(_ a: String, _ b: String) -> Bool {
        let theirs = b.utf8.split(separator: UInt8(ascii: "/"))
        return a.utf8.split(separator: UInt8(ascii: "/")).lexicographicallyPrecedes(theirs) {
            $0.lexicographicallyPrecedes($1)
        }
    }
}
