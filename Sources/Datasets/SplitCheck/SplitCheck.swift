internal import Archives
internal import Catalog
public import Core
internal import Images
internal import SplitImport
public import Splits

/// The comparison of a split with itself and with the files below a data root, without any change or network access.
///
/// Only files that the split lists are opened, including the targets of links. Of other files, only the names are read.
public struct SplitCheck {
    private let file: SplitFile
    private let base: String
    private let items: NumberedItems
    private let images: ItemSource
    /// Whether images are decoded completely, which finds damage after the header.
    public var decodes = false
    /// A choice of prompts to test on the classes, such as `tip+sentences.json`; nil for none.
    public var prompts: String?

    /// A check of `file` against the data below the folder `root`.
    public init(_ file: SplitFile, root: String) {
        self.file = file
        base = root
        items = NumberedItems(file.split)
        images = ItemSource(folder: file.split.root == "." ? root : root.appending(path: file.split.root))
    }

    private var split: Split { file.split }
    private var imageFolder: String { split.root == "." ? base : base.appending(path: split.root) }

    /// Runs all checks.
    ///
    /// - Parameter progress: called with the number of files read and the total; an error thrown by it ends the check.
    /// - Returns: the findings, including damaged data.
    /// - Throws: `noInput` if the data root is not a folder, and errors of `progress`.
    public func report(
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> CheckReport {
        guard FileKind(at: base) == .folder else {
            throw Fault(
                .noInput, base, found: FileKind(at: base) == .absent ? "no such directory" : "not a directory",
                expected: split.root == "."
                    ? "the folder of the split's paths" : "the folder that contains '\(split.root)'",
                remedy: "check the path")
        }
        var report = CheckReport(file.split, name: file.input.name)
        try checkPrompts(&report)
        let index = PathIndex(items)
        let repeats = index.repeats()
        checkPaths(repeats, &report)
        let folders = ItemFolders(items, base: base, root: split.root)
        if split.root != "." || folders.folderCount > 1 {
            report.misplaced = folders.misplaced(items).map(items.reference)
        }
        func tick() throws(Fault) { try progress(items.count, items.count) }
        let looks = try look(folders, progress)
        gather(looks, folders, &report)
        countArchives(folders, &report)
        try checkImages(repeats, looks, &report, tick)
        hint(folders, &report)
        // If no file of the split exists, other files are not compared.
        if folders.root == .present, report.looked.files > 0 {
            try checkUnlisted(index, folders, &report, tick)
        }
        report.judge()
        return report
    }

    private func checkPrompts(_ report: inout CheckReport) throws(Fault) {
        guard let prompts else { return }
        do throws(Fault) {
            _ = try split.prompts(prompts)
        } catch {
            // Classes without prompts are a finding; a missing file is an error of the user.
            guard error.status == .badData else { throw error }
            report.prompts = [String("\(error)".dropLast())]
        }
    }

    private func checkPaths(_ repeats: [[Int]], _ report: inout CheckReport) {
        for group in repeats {
            let repeated = CheckReport.Repeat(group.map(items.reference))
            if Set(group.map(items.label)).count > 1 { report.contradictions.append(repeated) }
            // Tip-Adapter's scheme repeats the items of small classes.
            let isFilling = split.sample?.scheme == .tip && group.allSatisfy { items.subset($0) == .train }
            if !isFilling { report.repeatedPaths.append(repeated) }
        }
    }

    private func look(
        _ folders: ItemFolders, _ progress: (Int, Int) throws(Fault) -> Void
    ) throws(Fault) -> [FileLook] {
        guard folders.root == .present else { return [FileLook](repeating: .unseen, count: items.count) }
        return try Parallel.map(items.count, progress: progress) { [items, images, decodes] number in
            if case .absent = folders.state(number) { return .unseen }
            return FileLook(at: items.path(number), of: images, decodes: decodes)
        }
    }

    private func gather(_ looks: [FileLook], _ folders: ItemFolders, _ report: inout CheckReport) {
        var missing: [String: Int] = [:]
        for (number, look) in looks.enumerated() {
            func faulty(_ found: String) -> CheckReport.FaultyItem {
                .init(subset: items.subset(number), path: items.path(number), found: found)
            }
            if look.outcome != .unseen, look.outcome != .absent { report.looked.files += 1 }
            if look.isDecoded { report.looked.decoded += 1 }
            switch look.outcome {
            case .unseen:
                guard case .absent(let folder) = folders.state(number) else { continue }
                missing[folders.root == .present ? folder : ".", default: 0] += 1
            case .absent: report.missing.files.append(items.reference(number))
            case .unreadable(let found): report.unreadable.append(faulty(found))
            case .damaged(let found): report.damaged.append(faulty(found))
            case .unsupported(let found): report.unsupported.append(faulty(found))
            case .sound(let format):
                report.looked.formats[format.rawValue, default: 0] += 1
                if let complaint = look.complaint { report.flawed.append(faulty(complaint)) }
                if let clipping = look.clipping { report.clipped.append(faulty(clipping)) }
                if let suffix = ImageFormat(fileName: items.path(number)), suffix != format {
                    report.otherFormats.append(faulty(format.title))
                }
            }
        }
        report.missing.folders = Self.sorted(missing)
        report.missing.items = missing.values.reduce(report.missing.files.count, +)
    }

    private func countArchives(_ folders: ItemFolders, _ report: inout CheckReport) {
        var counts: [String: Int] = [:]
        for number in 0 ..< items.count {
            if case .archive(let archive) = folders.state(number) { counts[archive, default: 0] += 1 }
        }
        report.archives = Self.sorted(counts)
    }

    private func checkImages(
        _ repeats: [[Int]], _ looks: [FileLook], _ report: inout CheckReport, _ progress: () throws(Fault) -> Void
    ) throws(Fault) {
        // A repeated path is reported as such, not as a repeated image.
        let again = Set(repeats.flatMap { $0.dropFirst() })
        let seen = looks.indices.filter { if case .sound = looks[$0].outcome { !again.contains($0) } else { false } }
        let repeated = try RepeatedImages(
            among: seen, looks, of: images, path: { [items] in items.path($0) }, progress: progress)
        report.repeatedImages = repeated.groups.map { CheckReport.Repeat($0.map(items.reference)) }
    }

    private func hint(_ folders: ItemFolders, _ report: inout CheckReport) {
        let entry = Catalog.entry(named: split.origin?.dataset ?? split.dataset)
        let known = entry?.renamedFolders ?? [:]
        if case .absent(let missing) = folders.root {
            let hints = RootHints(base: base, root: split.root, missing: missing, known: known)
            report.otherRoots = hints.roots
            report.renames = hints.renames
        } else if report.looked.files == 0, report.archives.isEmpty, items.count > 0 {
            report.otherRoots = RootHints.roots(of: items.path(0), base: base, root: split.root)
        } else if !known.isEmpty {
            let prefix = split.root == "." ? "" : "\(split.root)/"
            for folder in report.missing.folders {
                report.renames += RootHints.renames(base: base, missing: prefix + folder.folder, known: known)
            }
        }
        if report.missing.items > 0, report.renames.isEmpty, report.otherRoots.isEmpty, let entry {
            report.links = links(entry)
        }
    }

    /// The links to the images in the folders of an archive, or to each folder of them if the split's root is that of
    /// the data set.
    private func links(_ entry: DatasetEntry) -> [CheckReport.Rename] {
        guard let folder = split.root.split(separator: "/").first, folder != "." else { return [] }
        var first: [Substring: String] = [:]
        for path in entry.images.isEmpty ? (0 ..< items.count).map(items.path) : [items.path(0)] {
            let top = entry.images.isEmpty ? path.prefix { $0 != "/" } : ""
            if first[top] == nil { first[top] = path }
        }
        let search = LayoutSearch(root: base, folder: String(folder), entry: entry)
        return first.sorted { $0.key < $1.key }.compactMap { top, path in
            guard FileKind(at: imageFolder.appending(path: path)) == .absent,
                let found = search.folder(with: path)
            else { return nil }
            let names = [split.root, found].map { top.isEmpty ? $0 : $0.appending(path: String(top)) }
            let link = LayoutSearch.Link(expected: names[0], found: names[1]).shortened(in: base)
            return CheckReport.Rename(expected: link.expected, found: link.found)
        }
    }

    private func checkUnlisted(
        _ index: PathIndex, _ folders: ItemFolders, _ report: inout CheckReport, _ progress: () throws(Fault) -> Void
    ) throws(Fault) {
        guard split.sample == nil, split.origin == nil else {
            report.notes.append("files outside the split were not searched: it is a part of a larger split")
            return
        }
        let tree: FolderTree
        do throws(Fault) {
            tree = try FolderTree.walking(imageFolder) { _, _ throws(Fault) in try progress() }
        } catch {
            guard error.status != .interrupted else { throw error }
            report.notes.append("files outside the split were not searched: \(String("\(error)".dropLast()))")
            return
        }
        let archives = folders.archives
        var counts: [String: Int] = [:]
        for path in tree.paths where !index.contains(path) && !archives.contains(path) {
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            counts[folder, default: 0] += 1
        }
        report.unlisted = Self.sorted(counts)
    }

    private static func sorted(_ counts: [String: Int]) -> [CheckReport.FolderCount] {
        counts.keys.sorted { $0.precedes($1) }.map { .init(folder: $0, count: counts[$0] ?? 0) }
    }
}
