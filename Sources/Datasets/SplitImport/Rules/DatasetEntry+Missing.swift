internal import Catalog
internal import Core

/// What is not there, and what to do about it.
extension DatasetEntry {
    /// What the rule needs and `folder` does not have; an index stands for the images.
    func missing(in folder: String, hasIndex: Bool) -> [String] {
        rule.needs(self).filter { name in
            if hasIndex, let listed = rule.listedFolder(self), name == listed || name.hasPrefix("\(listed)/") {
                return false
            }
            if name == WordNetNames.fileName, FileKind(at: WordNetNames.sharedPath(beside: folder)) != .absent {
                return false
            }
            return FileKind(at: "\(folder)/\(name)") == .absent
        }
    }

    /// The fault of finding neither the published split nor what else a split could be made of.
    func absent(_ names: [String], in folder: String) -> Fault {
        var wanted = names.first.map { [$0] } ?? []
        if let splitFile, names != [splitFile] { wanted.insert(splitFile, at: 0) }
        if case .folder = FileKind(at: folder) {
            let found = wanted.count == 1 ? "no \(wanted[0])" : "neither \(wanted.joined(separator: " nor "))"
            return Fault(
                .noInput, folder, found: found,
                expected: wanted.count == 1 ? "it, as in 'fewshot-split list \(name)'" : "one of them",
                remedy: renaming(in: folder).map { "rename \(folder)/\($0.found) to \($0.expected)" }
                    ?? "get \(wanted[0]) from \(address(of: wanted[0]))")
        }
        return Fault(
            .noInput, folder, found: "no such folder", expected: "\(title) with \(wanted.joined(separator: " or "))",
            remedy: "get \(wanted[0]) from \(address(of: wanted[0])), or name the folder above with --root")
    }

    /// Notes on folders that newer downloads call otherwise than splits do.
    func renamedFolderNotes(in folder: String) -> [String] {
        renaming(in: folder).map {
            ["\(folder)/\($0.found): the split's paths lie in \($0.expected); rename the folder"]
        } ?? []
    }

    private func renaming(in folder: String) -> (found: String, expected: String)? {
        for (found, expected) in renamedFolders.sorted(by: { $0.key < $1.key })
        where FileKind(at: "\(folder)/\(expected)") == .absent && FileKind(at: "\(folder)/\(found)") == .folder {
            return (found, expected)
        }
        return nil
    }

    /// Where the file or folder `name` is to be had: the last place named for it, as earlier ones may be gone.
    private func address(of name: String) -> String {
        downloads.last { !$0.provides.isEmpty && (name == $0.provides || name.hasPrefix("\($0.provides)/")) }?.address
            ?? downloads.first?.address ?? homePage
    }
}
