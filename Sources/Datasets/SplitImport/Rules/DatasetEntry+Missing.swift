internal import Catalog
internal import Core

/// Missing files and the ways to get them.
extension DatasetEntry {
    /// The files and folders that the rule needs and `folder` does not have; an index replaces the images.
    func missing(in folder: String, hasIndex: Bool) -> [String] {
        rule.needs(self).filter { name in
            if hasIndex, let listed = rule.listedFolder(self), name == listed || name.hasPrefix("\(listed)/") {
                return false
            }
            if name == WordNetNames.fileName, FileKind(at: WordNetNames.sharedPath(beside: folder)) != .absent {
                return false
            }
            return FileKind(at: folder.appending(path: name)) == .absent
        }
    }

    /// The error that neither the published split nor the files `names` are present.
    func absent(_ names: [String], in folder: String) -> Fault {
        var wanted = names.first.map { [$0] } ?? []
        if let splitFile, names != [splitFile] { wanted.insert(splitFile, at: 0) }
        if case .folder = FileKind(at: folder) {
            var remedy: Remedy = "download \(wanted[0]) from \(address(of: wanted[0]))"
            if wanted.count == 1 { remedy += ", or \(action: .showDataset(name))" }
            if let links = linking(wanted + names, in: folder) { remedy = links }
            return Fault(
                .noInput, folder,
                found: wanted.count == 1 ? "no \(wanted[0])" : "neither \(wanted.joined(separator: " nor "))",
                expected: wanted.count == 1 ? "the layout of \(title)" : "one of them",
                remedy: renaming(in: folder).map { "rename \(folder)/\($0.found) to \($0.expected)" } ?? remedy)
        }
        return Fault(
            .noInput, folder, found: "no such directory",
            expected: "\(title) with \(wanted.joined(separator: " or "))",
            remedy: linking(wanted + names, in: folder)
                ?? "download \(wanted[0]) from \(address(of: wanted[0])), or correct \(option: "root")")
    }

    /// The advice to link the files `names` where they lie in the folders of an archive; nil if none is found.
    private func linking(_ names: [String], in folder: String) -> Remedy? {
        let root = parentFolder(of: folder)
        let links = LayoutSearch(root: root, folder: self.folder, entry: self).links(to: names)
        guard !links.isEmpty else { return nil }
        let commands = LayoutSearch.commands(for: links, in: root).map { "'\($0)'" }.joined(separator: " and ")
        let found = links.map(\.found).joined(separator: " and ")
        let them = links.count == 1 ? "it" : "them"
        var remedy: Remedy = "'\(root)' contains \(found): link \(them) with \(commands)"
        if case .imagenet = annotations, let val = Self.unsortedVal(links, root) {
            remedy += ", and move the files of '\(val)' into the folders of their classes with "
            remedy += Remedy(ImageNetRule.sortingScript)
        }
        return remedy
    }

    /// The val folder below the image folder among `links` if it has files instead of class folders.
    private static func unsortedVal(_ links: [LayoutSearch.Link], _ root: String) -> String? {
        let folders = links.map { root.appending(path: $0.found) }
        return folders.flatMap { [$0, $0.appending(path: "val")] }.first { path in
            guard lastComponent(of: path) == "val", let folder = try? RootFolder(path: path),
                let listing = try? FolderListing("", below: folder)
            else { return false }
            return listing.folders.isEmpty && !listing.files.isEmpty
        }
    }

    /// A folder whose name differs from that in the split's paths.
    func renaming(in folder: String) -> (found: String, expected: String)? {
        for (found, expected) in renamedFolders.sorted(by: { $0.key < $1.key })
        where FileKind(at: folder.appending(path: expected)) == .absent
            && FileKind(at: folder.appending(path: found)) == .folder
        {
            return (found, expected)
        }
        return nil
    }

    /// The download address of the file or folder `name`: the last one listed, because earlier ones may be dead.
    private func address(of name: String) -> String {
        downloads.last { !$0.provides.isEmpty && (name == $0.provides || name.hasPrefix("\($0.provides)/")) }?.address
            ?? downloads.first?.address ?? homePage
    }
}
