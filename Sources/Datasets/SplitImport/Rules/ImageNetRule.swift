internal import Catalog
internal import Core
internal import Splits

/// ImageNet: one folder per class below `train` and `val`; the val folder is the test subset.
///
/// Source: `ImageNet.read_data`.
struct ImageNetRule: RawRule {
    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] {
        [WordNetNames.fileName, "\(entry.images)/train", "\(entry.images)/val"]
    }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let names = try WordNetNames(&data)
        let train = try folders("train", data)
        let val = try folders("val", data)
        for (mine, theirs, name, other) in [(train, val, "train", "val"), (val, train, "val", "train")] {
            let known = Set(theirs.map(\.name))
            guard let alone = mine.first(where: { !known.contains($0.name) }) else { continue }
            throw .badData(
                "\(data.imagesName)/\(name)", found: "the folder '\(alone.name)'",
                expected: "the same folders as in \(other), because a folder's position is its label",
                remedy: "extract the missing folders, or remove those that are not classes")
        }
        var split = RawSplit(classes: [])
        for folder in train { split.classes.append(try names.name(folder.name, in: "\(data.imagesName)/train")) }
        split.train = items(train, "train", &data)
        split.test = items(val, "val", &data)
        return split
    }

    private func items(_ folders: [FolderTree.Folder], _ parent: String, _ data: inout RawData) -> ItemList {
        var items = ItemList()
        for (label, folder) in folders.enumerated() {
            let path = "\(parent)/\(folder.name)"
            for name in data.imageNames(folder.tree, at: path) { items.append("\(path)/\(name)", label: label) }
        }
        return items
    }

    private func folders(_ parent: String, _ data: RawData) throws(Fault) -> [FolderTree.Folder] {
        let path = "\(data.imagesName)/\(parent)"
        let tree = data.images.folder(parent) ?? FolderTree()
        guard tree.folders.isEmpty else { return tree.folders }
        let archives = tree.files.count { $0.hasSuffix(".tar") }
        if archives > 0 {
            throw Fault(
                .noInput, path, found: "\(archives) archive\(archives == 1 ? "" : "s")",
                expected: "one folder per class",
                remedy: "extract each archive into a folder of its name, such as n01440764.tar into n01440764/")
        }
        if !tree.files.isEmpty {
            throw Fault(
                .noInput, path, found: "files without folders (\(tree.files.count)), such as '\(tree.files[0])'",
                expected: "one folder per class",
                remedy: "move the files into folders with "
                    + "https://raw.githubusercontent.com/soumith/imagenetloader.torch/master/valprep.sh")
        }
        throw Fault(
            .noInput, path, found: "no folders", expected: "one folder per class",
            remedy: "extract the archive there; see 'fewshot-split list imagenet'")
    }
}
