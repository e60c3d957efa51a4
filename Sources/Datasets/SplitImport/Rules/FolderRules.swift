internal import Catalog
internal import Core
internal import Splits

/// Caltech101, DTD, Food101 and EuroSAT: one folder per class; each class is divided 50/20/30.
///
/// Source: `DescribableTextures.read_and_split_data`. The listing is sorted before the shuffle; CoOp shuffles it in
/// the order of the file system.
struct FolderRule: RawRule {
    /// Folders that are not classes.
    let ignored: Set<String>
    /// Class names that differ from the folder names.
    let names: [String: String]

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let folders = data.images.folders.filter { !ignored.contains($0.name) }
        guard !folders.isEmpty else {
            throw Fault(
                .noInput, data.imagesName, found: "no folders", expected: "one folder per class",
                remedy: "extract the images there; \(action: .showDataset(entry.name))")
        }
        var split = RawSplit(classes: folders.map { names[$0.name] ?? $0.name })
        var random = PythonRandom(seed: seed)
        for (label, folder) in folders.enumerated() {
            let images = data.imageNames(folder.tree, at: folder.name)
            guard split.divide(images, label: label, prefix: "\(folder.name)/", using: &random) else {
                throw .badData(
                    data.imagesName.appending(path: folder.name), found: "\(images.count) images",
                    expected: "at least 4, so that no subset is empty",
                    remedy: "extract the archive again, or remove the folder if it is not a class")
            }
        }
        return split
    }
}

/// ImageNet: one folder per class below `train` and `val`; the val folder is the test subset.
///
/// Source: `ImageNet.read_data`.
struct ImageNetRule: RawRule {
    /// The script that moves the files of the val folder into folders of their classes.
    static let sortingScript = "https://raw.githubusercontent.com/soumith/imagenetloader.torch/master/valprep.sh"

    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] {
        [WordNetNames.fileName, entry.images.appending(path: "train"), entry.images.appending(path: "val")]
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
                data.imagesName.appending(path: name), found: "the folder '\(alone.name)'",
                expected: "the same folders as in \(other), because a folder's position is its label",
                remedy: "extract the missing folders, or remove those that are not classes")
        }
        let path = data.imagesName.appending(path: "train")
        return RawSplit(
            classes: try train.map { folder throws(Fault) in try names.name(folder.name, in: path) },
            train: data.items(in: train, prefix: "train/"), test: data.items(in: val, prefix: "val/"))
    }

    private func folders(_ parent: String, _ data: RawData) throws(Fault) -> [FolderTree.Folder] {
        let tree = data.images.folder(parent) ?? FolderTree()
        guard tree.folders.isEmpty else { return tree.folders }
        let archives = tree.files.count { $0.hasSuffix(".tar") }
        var found = "no folders"
        var remedy: Remedy = "extract the archive there; \(action: .showDataset("imagenet"))"
        if archives > 0 {
            found = "\(archives) archive\(archives == 1 ? "" : "s")"
            remedy = "extract each archive into a folder of its name, such as n01440764.tar into n01440764/"
        } else if !tree.files.isEmpty {
            found = "files without folders (\(tree.files.count)), such as '\(tree.files[0])'"
            remedy = "move the files into folders with \(Self.sortingScript)"
        }
        throw Fault(
            .noInput, data.imagesName.appending(path: parent), found: found, expected: "one folder per class",
            remedy: remedy)
    }
}

/// ImageNet's shifts: one folder per class for all or some of ImageNet's classes; for testing only.
///
/// Source: `ImageNetA.read_data` and its siblings, and `ImageNetV2.read_data`.
struct ImageNetShiftRule: RawRule {
    /// Whether the folders are named by ImageNet's labels 0 to 999, as in ImageNetV2, instead of WordNet numbers.
    let isNumbered: Bool

    var isRandom: Bool { false }

    func needs(_ entry: DatasetEntry) -> [String] { [entry.images, WordNetNames.fileName] }

    func listedFolder(_ entry: DatasetEntry) -> String? { entry.images }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let names = try WordNetNames(&data)
        let folders = isNumbered ? try numberedFolders(entry, data, names) : data.images.folders
        guard !folders.isEmpty else {
            throw Fault(
                .noInput, data.imagesName, found: "no folders", expected: "one folder per class, such as n01440764",
                remedy: "extract the archive there; \(action: .showDataset(entry.name))")
        }
        let numbers = isNumbered ? names.numbers : folders.map(\.name)
        var split = RawSplit(classes: [])
        for number in numbers { split.classes.append(try names.name(number, in: data.imagesName)) }
        split.test = data.items(in: folders)
        // Every number with a name has a label.
        split.origin = ClassOrigin(
            dataset: "imagenet", labels: numbers.map { names.numbers.index(ofName: $0, \.self) ?? 0 })
        return split
    }

    /// The folders in label order; the listing is sorted as text.
    private func numberedFolders(
        _ entry: DatasetEntry, _ data: RawData, _ names: WordNetNames
    ) throws(Fault) -> [FolderTree.Folder] {
        let remedy: Remedy =
            "get the archive from \(entry.downloads.last { $0.provides == entry.images }?.address ?? "")"
        let labels = names.numbers.indices.map { "\($0)" }
        let known = Set(labels)
        if let other = data.images.folders.first(where: { !known.contains($0.name) }) {
            throw .badData(
                data.imagesName, found: "the folder '\(other.name)'",
                expected: "folders named 0 to \(labels.count - 1), as there are names in \(names.path)", remedy: remedy)
        }
        return try zip(labels, names.numbers).map { label, number throws(Fault) in
            guard let tree = data.images.folder(label) else {
                throw Fault(
                    .noInput, data.imagesName.appending(path: label), found: "a missing or empty folder",
                    expected: "the images of '\(try names.name(number, in: data.imagesName))'", remedy: remedy)
            }
            return FolderTree.Folder(name: label, tree: tree)
        }
    }
}

/// ImageNet's class names by WordNet number, from `classnames.txt`.
struct WordNetNames {
    /// The file name, in the data set's folder or, for ImageNet's shifts, in ImageNet's folder.
    static let fileName = "classnames.txt"

    let path: String
    private let names: [String: String]
    /// The numbers in the order of ImageNet's labels, sorted by bytes.
    let numbers: [String]

    /// Reads the copy in the data set's folder, or else the one in ImageNet's.
    init(_ data: inout RawData) throws(Fault) {
        let shared = Self.sharedPath(beside: data.folder)
        let own = data.path(Self.fileName)
        if FileKind(at: own) == .absent, FileKind(at: shared) != .absent {
            path = shared
            data.note("\(own) is missing: used \(shared)")
        } else {
            path = own
        }
        var names: [String: String] = [:]
        for line in try data.lines(Self.fileName, in: parentFolder(of: path)) {
            let words = line.words
            guard words.count > 1,
                names.updateValue(words.dropFirst().joined(separator: " "), forKey: String(words[0])) == nil
            else {
                throw .badData(
                    path, found: "'\(line.text.prefix(200))' on line \(line.number)",
                    expected: "a unique WordNet number and a name, such as 'n01440764 tench'",
                    remedy: "download the file from \(Download.classNames.address)")
            }
        }
        self.names = names
        numbers = names.keys.sorted { $0.precedes($1) }
    }

    /// The copy in ImageNet's folder, beside the data set in `folder`.
    static func sharedPath(beside folder: String) -> String { "\(parentFolder(of: folder))/imagenet/\(fileName)" }

    /// The name of the class with the WordNet number `number`, which is a folder of `parent`.
    func name(_ number: String, in parent: String) throws(Fault) -> String {
        guard let name = names[number] else {
            throw .badData(
                parent, found: "the folder '\(number)'", expected: "a number listed in \(path)",
                remedy: "remove folders that are not classes")
        }
        return name
    }
}
