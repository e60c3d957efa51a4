package import Catalog
internal import Core

/// The search for a data set's files in the folders that archives and mirrors wrap around them.
package struct LayoutSearch {
    /// A link that puts a file or folder in its place; both paths are relative to the data root.
    package struct Link: Equatable, Sendable {
        /// The path in the layout of the published splits.
        package let expected: String
        /// The existing path.
        package let found: String

        /// A link from the path `expected` to the path `found`.
        package init(expected: String, found: String) {
            self.expected = expected
            self.found = found
        }
    }

    private let root: String
    private let folder: String
    private let entry: DatasetEntry?
    /// The folders in which the files may be, the most likely first; `.` is the data root.
    private let folders: [String]

    /// A search below the data root `root` for the data set in `folder`, of which `entry` has the usual other names.
    package init(root: String, folder: String, entry: DatasetEntry?) {
        self.root = root
        self.folder = folder
        self.entry = entry
        folders = Self.folders(in: root, folder: folder, keywords: entry?.keywords ?? [])
    }

    /// The links that provide the missing `names`, which are relative to the data set's folder.
    ///
    /// A file is recognized by its path, and the folder of the images by an image or class folder in it.
    package func links(to names: [String]) -> [Link] {
        var links: [Link] = []
        for name in names {
            guard let link = link(to: name), !links.contains(where: { $0.expected == link.expected }) else { continue }
            links.append(link)
        }
        return links
    }

    /// The folder below which the path `landmark` exists; nil for none.
    package func folder(with landmark: String) -> String? {
        folders.first { FileKind(at: absolute(Self.join($0, landmark))) != .absent }
    }

    /// The shell commands that make `links` below the data root `root`.
    package static func commands(for links: [Link], in root: String) -> [String] {
        var commands: [String] = []
        for command in links.flatMap({ $0.commands(in: root) }) where !commands.contains(command) {
            commands.append(command)
        }
        return commands
    }

    private func link(to name: String) -> Link? {
        guard let entry else { return nil }
        let whole = folder.appending(path: name)
        let isImage = !entry.images.isEmpty && (name == entry.images || name.hasPrefix("\(entry.images)/"))
        guard isImage else {
            return folder(with: name).map { Link(expected: whole, found: Self.join($0, name)).shortened(in: root) }
        }
        // A class folder of another data set's subset may have the same name.
        let found = folders.first { folder in
            Subset(folderName: lastComponent(of: folder)) == nil
                && FileKind(at: absolute(Self.join(folder, entry.landmark))) != .absent
        }
        guard let found else { return nil }
        let rest = String(name.dropFirst(entry.images.count + 1))
        let images = entry.imageRoot
        if !rest.isEmpty, found == folder || FileKind(at: absolute(images)) == .folder {
            return Link(expected: whole, found: Self.join(found, rest))
        }
        return Link(expected: images, found: found).shortened(in: root)
    }

    private func absolute(_ path: String) -> String { root.appending(path: path) }

    private static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.appending(path: name)
    }
}

extension LayoutSearch {
    /// The depth of folders below the data root, as in `imagenet/ILSVRC/Data/CLS-LOC`, and one more.
    private static let depthLimit = 5
    /// The largest number of folders in a wrapper; a folder with more of them contains classes.
    private static let widthLimit = 48
    private static let countLimit = 2000
    /// The names of folders for archives of any data set.
    private static let wrappers = ["archive", "data", "datasets", "dataset", "downloads", "extracted", "input", "raw"]

    private static func folders(in root: String, folder: String, keywords: [String]) -> [String] {
        guard let opened = try? RootFolder(path: root) else { return [] }
        let tops = subfolders(of: "", opened)
        let similar = tops.filter { name in
            let letters = plain(name)
            return name != folder && keywords.contains { letters.contains(plain($0)) }
        }
        let others = Set(Catalog.entries.map(\.folder))
        let generic = tops.filter { wrappers.contains($0.lowercased()) && !others.contains($0) }
        var folders: [String] = []
        for start in [[folder].filter(tops.contains), similar.filter { !others.contains($0) }, generic] {
            var level = start
            for _ in 0 ..< depthLimit {
                folders += level
                guard folders.count < countLimit else { return folders }
                level = level.flatMap { path in
                    let below = subfolders(of: path, opened)
                    return below.count > widthLimit ? [] : below.map { path.appending(path: $0) }
                }
            }
        }
        return folders + ["."]
    }

    private static func subfolders(of path: String, _ root: borrowing RootFolder) -> [String] {
        guard let listing = try? FolderListing(path, below: root) else { return [] }
        return (listing.folders + listing.links).sorted { $0.precedes($1) }
    }

    /// The letters and digits of a name in lower case.
    private static func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
}

extension LayoutSearch.Link {
    /// Returns the link of the topmost folder that is missing below `root`, as far as the names below are the same in
    /// both paths.
    package func shortened(in root: String) -> LayoutSearch.Link {
        var expected = expected
        var found = found
        while FileKind(at: root.appending(path: parentFolder(of: expected))) == .absent,
            lastComponent(of: expected) == lastComponent(of: found), parentFolder(of: found) != "."
        {
            expected = parentFolder(of: expected)
            found = parentFolder(of: found)
        }
        return LayoutSearch.Link(expected: expected, found: found)
    }

    /// The shell commands that make the link below the data root `root`.
    fileprivate func commands(in root: String) -> [String] {
        let place = root.appending(path: expected)
        let parent = parentFolder(of: expected)
        if found.hasPrefix("\(expected)/") {
            // The folder that is expected is a wrapper itself.
            let rest = found.dropFirst(expected.count)
            let target = "\(lastComponent(of: expected)).archive\(rest)"
            return [
                "mv \(shellWord(place)) \(shellWord("\(place).archive"))",
                "ln -s \(shellWord(target)) \(shellWord(place))",
            ]
        }
        let isNew = FileKind(at: root.appending(path: parent)) == .absent
        return (isNew ? ["mkdir -p \(shellWord(root.appending(path: parent)))"] : [])
            + ["ln -s \(shellWord(target(from: parent))) \(shellWord(place))"]
    }

    /// The path of ``found`` relative to the folder `parent`, both below the data root.
    private func target(from parent: String) -> String {
        let from = parent == "." ? [] : parent.split(separator: "/")
        let to = found == "." ? [] : found.split(separator: "/")
        let shared = zip(from, to).prefix { $0 == $1 }.count
        let path = [Substring](repeating: "..", count: from.count - shared) + to.dropFirst(shared)
        return path.isEmpty ? "." : path.joined(separator: "/")
    }
}
