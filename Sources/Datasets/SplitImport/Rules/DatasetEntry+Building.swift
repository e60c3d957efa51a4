public import Catalog
public import Core
public import Splits

/// The source of a published data set's split.
public enum SplitSource: String, Sendable, Codable, CaseIterable {
    /// CoOp's published split if it is present, otherwise the raw annotations.
    case auto
    /// CoOp's published split.
    case split
    /// The data set's own annotations and folders, divided as in CoOp's code.
    case raw
}

/// The split of a published data set, with notes for the user.
public struct BuiltSplit: Sendable {
    /// The split.
    public let split: Split
    /// `split` or `raw`.
    public let source: SplitSource
    /// Sentences on files that were left out or misplaced.
    public let notes: [String]
    /// The differences from the published counts.
    public let differences: [String]
}

extension DatasetEntry {
    /// The seed of CoOp's published splits, as far as they can be reproduced.
    public static let publishedSeed = 1

    /// Builds the split of this data set from the files below `root`.
    ///
    /// With the published split in place, no folder is listed. Otherwise, if the annotations do not name all images,
    /// the image folder is listed, or read from `index`, a text file with one path per line relative to the data set's
    /// folder. `progress` is called with the number of files found.
    ///
    /// - Throws: `noInput` with a missing file and its download address; `badData` for invalid annotations.
    public func build(
        root: String, from source: SplitSource = .auto, seed: Int = publishedSeed, index: String? = nil,
        progress: SplitImport.Progress = { _, _ in }
    ) throws(Fault) -> BuiltSplit {
        let folder = path(below: root)
        let isPublished = splitFile.map { FileKind(at: folder.appending(path: $0)) != .absent } ?? false
        guard source == .raw || source == .auto && !isPublished else { return try published(folder) }
        return try raw(folder, seed, index, progress)
    }

    /// The source of a split that is present below `root`; nil for none.
    public func source(in root: String) -> SplitSource? {
        let folder = path(below: root)
        if let splitFile, case .file = FileKind(at: folder.appending(path: splitFile)) { return .split }
        return missing(in: folder, hasIndex: false).isEmpty ? .raw : nil
    }

    /// The path of the data set's folder, without a double slash.
    private func path(below root: String) -> String {
        root.hasSuffix("/") ? root + folder : root.appending(path: folder)
    }

    private func published(_ folder: String) throws(Fault) -> BuiltSplit {
        guard let splitFile else {
            throw .configuration(
                option: "from", found: "split", expected: "raw or auto, because \(title) has no published split file",
                remedy: "leave out the option")
        }
        guard FileKind(at: folder.appending(path: splitFile)) != .absent else { throw absent([splitFile], in: folder) }
        let split = try SplitFile(path: folder.appending(path: splitFile), dataset: name).split
        let notes = renaming(in: folder).map { names in
            ["rename \(folder)/\(names.found) to \(names.expected), the folder of the split's paths"]
        }
        return BuiltSplit(split: split, source: .split, notes: notes ?? [], differences: differences(split))
    }

    private func raw(
        _ folder: String, _ seed: Int, _ index: String?, _ progress: SplitImport.Progress
    ) throws(Fault) -> BuiltSplit {
        let missing = missing(in: folder, hasIndex: index != nil)
        guard missing.isEmpty else { throw absent(missing, in: folder) }
        var data = try listing(folder, index, progress)
        let made = try rule.split(self, &data, seed: seed)
        data.finish()
        var settings = ["rule": "coop"]
        if rule.isRandom { settings["seed"] = "\(seed)" }
        let provenance = Provenance(tool: "fewshot-split", inputs: data.inputs, settings: settings)
        var split = try Split(
            dataset: name, root: imageRoot, classes: made.classes,
            items: [.train: made.train, .val: made.val, .test: made.test], provenance: provenance, path: folder)
        split.origin = made.origin
        return BuiltSplit(
            split: split, source: .raw, notes: data.images.notes + data.notes, differences: differences(split))
    }

    private func listing(
        _ folder: String, _ index: String?, _ progress: SplitImport.Progress
    ) throws(Fault) -> RawData {
        guard let below = rule.listedFolder(self) else {
            var data = RawData(folder: folder, images: FolderTree(), imagesName: folder)
            if let index { data.note("\(index) is not used: the annotations of \(title) list all items") }
            return data
        }
        guard let index else {
            let images = folder.appending(path: below)
            return RawData(
                folder: folder, images: try FolderTree.walking(images, progress: progress), imagesName: images)
        }
        let whole = try Self.tree(listedIn: index)
        guard var tree = whole.folder(below) else {
            throw Fault(
                .noInput, index, found: "no path that begins with '\(below)/'",
                expected: "paths relative to \(self.folder)",
                remedy: "list the files with 'find \(below) -type f' in that folder")
        }
        tree.notes = whole.notes
        return RawData(folder: folder, images: tree, imagesName: "\(index): \(below)")
    }

    /// The tree of the paths in the text file at `path`, one per line.
    private static func tree(listedIn path: String) throws(Fault) -> FolderTree {
        let file = try TextFile(path: path)
        let bytes = file.utf8
        var paths: [String] = []
        var start = 0
        for offset in 0 ... bytes.count where offset == bytes.count || bytes[offset] == 10 {
            defer { start = offset + 1 }
            // A carriage return before the line feed is removed.
            let end = offset > start && bytes[offset - 1] == 13 ? offset - 1 : offset
            guard end > start else { continue }
            guard let line = String(checking: bytes.extracting(start ..< end)) else {
                throw .badData(
                    path, found: "invalid UTF-8 on line \(paths.count + 1)", expected: "one path per line",
                    remedy: "rename that file, or list the files again")
            }
            paths.append(line)
        }
        return try FolderTree(listing: paths, source: path)
    }

    /// The differences of `split` from the published counts.
    func differences(_ split: Split) -> [String] {
        [
            ("classes", split.classes.count, classCount), ("train", split.train.count, counts.train),
            ("val", split.val.count, counts.val), ("test", split.test.count, counts.test),
        ].filter { $1 != $2 }.map { "\($0): \($1), published \($2)" }
    }
}
