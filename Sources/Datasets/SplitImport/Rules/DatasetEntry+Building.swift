public import Catalog
public import Core
public import Splits

/// What a split is made of.
public enum SplitSource: String, Sendable, Codable, CaseIterable {
    /// CoOp's published split where it is, else the raw annotations.
    case auto
    /// CoOp's published split.
    case split
    /// The data set's own annotations and folders, cut as CoOp's code cuts them.
    case raw
}

/// A split that was put together, and what a user should know of it.
public struct BuiltSplit: Sendable {
    public let split: Split
    /// `split` or `raw`.
    public let source: SplitSource
    /// What was left out, or is not where it should be.
    public let notes: [String]
    /// Where the split departs from the published counts, a sentence each.
    public let differences: [String]
}

extension DatasetEntry {
    /// The seed that CoOp's published splits were cut with, as far as they can be made again.
    public static let publishedSeed = 1

    /// Makes the split of this data set from what lies below `root`.
    ///
    /// With the published split in place nothing is walked. Otherwise the images are listed where the rule needs that:
    /// by walking their folder, or from `index`, a text file with one path a line relative to the data set's folder.
    /// `progress` is told how many files were found. It may throw to end the work.
    ///
    /// - Throws: `noInput` naming what is missing and where to get it; `badData` for what cannot be right.
    public func build(
        root: String, from source: SplitSource = .auto, seed: Int = publishedSeed, index: String? = nil,
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> BuiltSplit {
        let folder = place(below: root)
        switch source {
        case .split: return try published(folder)
        case .raw: return try raw(folder, seed, index, progress)
        case .auto:
            if let splitFile, FileKind(at: "\(folder)/\(splitFile)") != .absent { return try published(folder) }
            return try raw(folder, seed, index, progress)
        }
    }

    /// What there is of this data set below `root`; nil if a split can be made of nothing there.
    public func source(in root: String) -> SplitSource? {
        let folder = place(below: root)
        if let splitFile, case .file = FileKind(at: "\(folder)/\(splitFile)") { return .split }
        return missing(in: folder, hasIndex: false).isEmpty ? .raw : nil
    }

    /// The data set's folder, without a slash too many where `root` ends in one.
    private func place(below root: String) -> String { root.hasSuffix("/") ? root + folder : "\(root)/\(folder)" }

    private func published(_ folder: String) throws(Fault) -> BuiltSplit {
        guard let splitFile else {
            throw .configuration(
                "--from", found: "split", expected: "raw or auto, as \(title) has no published split file",
                remedy: "leave the option away")
        }
        guard FileKind(at: "\(folder)/\(splitFile)") != .absent else { throw absent([splitFile], in: folder) }
        let split = try SplitFile(path: "\(folder)/\(splitFile)", dataset: name).split
        return BuiltSplit(
            split: split, source: .split, notes: renamedFolderNotes(in: folder), differences: differences(split))
    }

    private func raw(
        _ folder: String, _ seed: Int, _ index: String?, _ progress: (Int, Int) throws(Fault) -> Void
    ) throws(Fault) -> BuiltSplit {
        let lacking = missing(in: folder, hasIndex: index != nil)
        guard lacking.isEmpty else { throw absent(lacking, in: folder) }
        var data = try listing(folder, index, progress)
        let parts = try rule.parts(self, &data, seed: seed)
        data.finish()
        var settings = ["rule": "coop"]
        if rule.isRandom { settings["seed"] = "\(seed)" }
        let provenance = Provenance(tool: "fewshot-split", inputs: data.inputs, settings: settings)
        let split = try Split(
            dataset: name, root: imageRoot, classes: parts.classes, train: parts.train, val: parts.val,
            test: parts.test, origin: parts.origin, provenance: provenance, path: folder)
        return BuiltSplit(split: split, source: .raw, notes: data.notes, differences: differences(split))
    }

    private func listing(
        _ folder: String, _ index: String?, _ progress: (Int, Int) throws(Fault) -> Void
    ) throws(Fault) -> RawData {
        guard let below = rule.listedFolder(self) else {
            var data = RawData(folder: folder, images: FolderTree(), imagesName: folder)
            if let index { data.note("\(index) was not needed: \(title)'s annotations name all items") }
            return data
        }
        guard let index else {
            let place = "\(folder)/\(below)"
            return RawData(folder: folder, images: try FolderTree.walking(place, progress: progress), imagesName: place)
        }
        let whole = try FolderIndex.tree(index)
        guard var tree = whole.folder(below) else {
            throw Fault(
                .noInput, index, found: "no path that begins with '\(below)/'",
                expected: "paths relative to \(self.folder)",
                remedy: "list them with 'find \(below) -type f' in that folder")
        }
        tree.notes = whole.notes
        return RawData(folder: folder, images: tree, imagesName: "\(index): \(below)")
    }

    /// Where `split` departs from what was published.
    func differences(_ split: Split) -> [String] {
        let published = [("classes", classCount), ("train", counts.train), ("val", counts.val), ("test", counts.test)]
        let found = [split.classes.count, split.train.count, split.val.count, split.test.count]
        return zip(published, found).filter { $0.0.1 != $0.1 }
            .map { "\($0.0.0): \($0.1), published \($0.0.1)" }
    }
}

/// A text file that lists files, one path a line.
private enum FolderIndex {
    static func tree(_ path: String) throws(Fault) -> FolderTree {
        let file = try MappedFile(path: path)
        let bytes = Span<UInt8>(_bytes: file.bytes)
        var paths: [String] = []
        var start = 0
        for place in 0 ... bytes.count where place == bytes.count || bytes[place] == 10 {
            defer { start = place + 1 }
            // A line may end as Windows ends it.
            let end = place > start && bytes[place - 1] == 13 ? place - 1 : place
            guard end > start else { continue }
            guard let line = String(checking: bytes.extracting(start ..< end)) else {
                throw .badData(
                    path, found: "bytes that are no UTF-8 on line \(paths.count + 1)", expected: "one path a line",
                    remedy: "rename that file, or list the files again")
            }
            paths.append(line)
        }
        return try FolderTree(listing: paths, source: path)
    }
}
