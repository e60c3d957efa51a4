internal import Catalog
internal import Core
internal import Splits

/// ImageNet: a folder a class below `train` and `val`; the val folders are the test part.
///
/// Source: `ImageNet.read_data`.
struct ImageNetRule: RawRule {
    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] {
        [WordNetNames.fileName, "\(entry.images)/train", "\(entry.images)/val"]
    }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let names = try WordNetNames(&data)
        let train = try folders("train", data)
        let val = try folders("val", data)
        for (mine, theirs, part, other) in [(train, val, "train", "val"), (val, train, "val", "train")] {
            let known = Set(theirs.map(\.name))
            guard let alone = mine.first(where: { !known.contains($0.name) }) else { continue }
            throw .badData(
                "\(data.imagesName)/\(part)", found: "the folder '\(alone.name)'",
                expected: "the same folders as in \(other), since a folder's place is its label",
                remedy: "extract what is missing, or remove what is no class")
        }
        var parts = RawParts(classes: [])
        for folder in train { parts.classes.append(try names.name(folder.name, in: "\(data.imagesName)/train")) }
        parts.train = items(train, "train", &data)
        parts.test = items(val, "val", &data)
        return parts
    }

    private func items(_ folders: [FolderTree.Folder], _ part: String, _ data: inout RawData) -> ItemList {
        var items = ItemList()
        for (label, folder) in folders.enumerated() {
            let place = "\(part)/\(folder.name)"
            for name in data.imageNames(folder.tree, at: place) { items.append("\(place)/\(name)", label: label) }
        }
        return items
    }

    private func folders(_ part: String, _ data: RawData) throws(Fault) -> [FolderTree.Folder] {
        let place = "\(data.imagesName)/\(part)"
        let tree = data.images.folder(part) ?? FolderTree()
        guard tree.folders.isEmpty else { return tree.folders }
        let archives = tree.files.count { $0.hasSuffix(".tar") }
        if archives > 0 {
            throw Fault(
                .noInput, place, found: "\(archives) archive\(archives == 1 ? "" : "s")",
                expected: "a folder for each class",
                remedy: "extract each into a folder of its name, as n01440764.tar into n01440764/")
        }
        if !tree.files.isEmpty {
            throw Fault(
                .noInput, place, found: "no folders but files (\(tree.files.count)), as '\(tree.files[0])'",
                expected: "a folder for each class",
                remedy: "move them into folders with "
                    + "https://raw.githubusercontent.com/soumith/imagenetloader.torch/master/valprep.sh")
        }
        throw Fault(
            .noInput, place, found: "no folders", expected: "a folder for each class",
            remedy: "extract the archive there; see 'fewshot-split list imagenet'")
    }
}
