internal import Archives
public import Core
internal import Images
internal import Splits

extension SplitImport {
    /// Imports tar archives in WebDataset's layout without unpacking them.
    ///
    /// An image's path is the archive's path followed by the member's: `photos-000.tar/dog/1.jpg`. An image and its
    /// label share the file name up to the first dot or, without such a label, up to the last one. The subset is that
    /// in the archive's name (train, val or test).
    /// `progress` receives the number of members read.
    ///
    /// - Throws: `badData` for damaged archives, paths that leave the archive, and invalid labels.
    public static func tar(
        _ archives: [String], _ settings: Settings = Settings(), progress: Progress = { _, _ in }
    ) throws(Fault) -> ImportedSplit {
        let paths = try ShardPaths(archives, root: settings.root)
        guard let first = paths.shards.first else {
            throw Fault(
                .usage, "import tar", found: "no archive", expected: "one or more archives", remedy: "give their paths")
        }
        var listing = ShardListing(settings)
        for shard in paths.shards { try listing.read(shard, progress) }
        let items = try LabeledItems(path: first.path, root: paths.root, settings)
        let name = settings.labels == .archive ? datasetName(folder: paths.root) : paths.dataset
        return try listing.split(items, dataset: name)
    }
}

/// The images in tar archives and the labels beside them.
private struct ShardListing {
    private struct Image {
        let path: String
        /// The name up to its first dot.
        let key: String
        /// The name up to its last dot.
        let longKey: String
        let shard: Int
    }

    private typealias Label = (text: String, source: SplitImport.LabelSource)

    private let source: SplitImport.LabelSource?
    private let labelKey: String?
    private var shards: [ShardPaths.Shard] = []
    private var images: [Image] = []
    /// The labels of each shard, by the keys of its samples.
    private var labels: [[String: Label]] = []
    /// The contents of each shard's label files with several dots, by their names up to the last one.
    private var dottedLabels: [[String: Result<Label?, Fault>]] = []
    private var links: [String] = []
    private var unread = UnreadFiles()
    private var archives: [String] = []
    private var memberCount = 0

    init(_ settings: SplitImport.Settings) {
        source = settings.labels
        labelKey = settings.columns.label
    }

    mutating func read(_ shard: ShardPaths.Shard, _ progress: SplitImport.Progress) throws(Fault) {
        let archive = try TarReader(path: shard.path)
        shards.append(shard)
        labels.append([:])
        dottedLabels.append([:])
        while let member = try archive.next() {
            memberCount += 1
            if memberCount % 256 == 0 { try progress(memberCount, memberCount) }
            guard member.kind != .folder else { continue }
            var name = Substring(member.name)
            while name.hasPrefix("./") { name = name.dropFirst(2) }
            try ItemPath.check(String(name), in: shard.path, at: "member \(memberCount)")
            // Hidden files, of which macOS writes many, are skipped as in folders.
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
            guard member.kind == .file else {
                links.append("\(shard.name)/\(name)")
                continue
            }
            try take(String(name), member, of: shard, archive)
        }
        try progress(memberCount, memberCount)
    }

    private mutating func take(
        _ name: String, _ member: TarReader.Member, of shard: ShardPaths.Shard, _ archive: borrowing TarReader
    ) throws(Fault) {
        let last = lastComponent(of: name)
        guard let first = last.firstIndex(of: "."), let dot = last.lastIndex(of: ".") else { return }
        let key = String(name.dropLast(last.distance(from: first, to: last.endIndex)))
        let longKey = String(name.dropLast(last.distance(from: dot, to: last.endIndex)))
        if ImageFormat(fileName: last) != nil {
            let path = shard.name.appending(path: name)
            images.append(Image(path: path, key: key, longKey: longKey, shard: shards.count - 1))
        } else if let kind = labelKind(last[last.index(after: first)...]) {
            // A `.cls` label takes precedence over `.json`, in any order.
            if let known = labels[shards.count - 1][key], known.source == .cls { return }
            if let label = try label(kind, of: member, archive) { labels[shards.count - 1][key] = label }
        } else if let kind = labelKind(last[last.index(after: dot)...]) {
            if case .success(let known)? = dottedLabels[shards.count - 1][longKey], known?.source == .cls { return }
            // Other data may have such a name, so the content matters only if it belongs to an image.
            dottedLabels[shards.count - 1][longKey] = Result { () throws(Fault) in
                try label(kind, of: member, archive)
            }
        } else if let format = UnreadFormat(fileName: last) {
            unread.add(shard.name.appending(path: name), format)
        } else if last.lowercased().hasSuffix(".tar") {
            archives.append(shard.name.appending(path: name))
        }
    }

    /// The kind of a label file with the suffix `suffix`; nil for other files and unwanted kinds.
    private func labelKind(_ suffix: Substring) -> SplitImport.LabelSource? {
        guard let kind = SplitImport.LabelSource(rawValue: suffix.lowercased()), [.cls, .txt, .json].contains(kind),
            source.map({ $0 == kind }) ?? (kind != .txt)
        else { return nil }
        return kind
    }

    private func label(
        _ kind: SplitImport.LabelSource, of member: TarReader.Member, _ archive: borrowing TarReader
    ) throws(Fault) -> Label? {
        let content = try archive.content(of: member, limit: 1 << 20)
        let text = kind == .json ? try json(content, member, archive.path) : try text(content, member, archive.path)
        return text.map { ($0, kind) }
    }

    /// The label beside an image, or that of its archive; nil for none.
    private func label(of image: Image) throws(Fault) -> String? {
        if source == .archive { return shards[image.shard].stem }
        if let label = labels[image.shard][image.key] { return label.text }
        return try dottedLabels[image.shard][image.longKey]?.get()?.text
    }

    private func text(_ content: [UInt8], _ member: TarReader.Member, _ path: String) throws(Fault) -> String? {
        guard let text = String(validating: content, as: UTF8.self)?.trimmed, !text.isEmpty,
            !text.contains(where: { $0.isNewline || $0 == "\0" }), text.utf8.count <= 1024
        else {
            throw .badData(
                path, found: "no label in member '\(member.name)'", expected: "one line with a name or a number",
                remedy: "choose the source of the labels with \(option: "label_from")")
        }
        return text
    }

    /// The label in a JSON object; nil if there is none.
    private func json(_ content: [UInt8], _ member: TarReader.Member, _ path: String) throws(Fault) -> String? {
        let place = "\(path): \(member.name)"
        guard !content.isEmpty else { return nil }
        let value = try unsafe JSONValue(content.span.bytes, path: place, expected: "a JSON object")
        guard let object = value.object else { return nil }
        for key in labelKey.map({ [$0] }) ?? ["label", "class", "classname"] {
            switch object[key] {
            case .string(let text)? where !text.trimmed.isEmpty: return text.trimmed
            case .integer(let number)?: return "\(number)"
            case .number(let number)? where Int(exactly: number) != nil: return "\(number)"
            case nil, .null?: continue
            default:
                throw .badData(
                    place, found: "no name or number at '\(key)'", expected: "a label",
                    remedy: "name the key with \(option: "label_key")")
            }
        }
        return nil
    }

    /// Makes the split of the images, which are added to `items`.
    consuming func split(_ items: consuming LabeledItems, dataset: String) throws(Fault) -> ImportedSplit {
        let path = items.assembly.path
        guard !images.isEmpty else { throw noImages(path) }
        let isByFolder = source == .folder || source == nil && areUnlabeled
        let usesFolderSubsets =
            isByFolder && shards.allSatisfy { $0.subset == nil } && images.allSatisfy { folderSubset($0) != nil }
        var unlabeled: [String] = []
        items.begin { [images] in "'\(images[$0].path)'" }
        for (number, image) in images.enumerated() {
            guard let label = isByFolder ? folders(image).last.map(String.init) : try label(of: image) else {
                unlabeled.append(image.path)
                continue
            }
            try items.add(
                Array(image.path.utf8)[...], label: Array(label.utf8)[...],
                subset: usesFolderSubsets ? folderSubset(image) : shards[image.shard].subset, number: number)
        }
        let absent = isByFolder ? "without a folder" : "without a label beside it"
        guard unlabeled.count < images.count else {
            throw .badData(
                path, found: "images \(absent), such as '\(unlabeled[0])'",
                expected: "labels in .cls or .json members, or one folder per class",
                remedy: "choose the source of the labels with \(option: "label_from") and \(option: "label_key"), "
                    + "such as \(option: "label_from", "archive") if each archive is a class")
        }
        let isBeside = !isByFolder && source != .archive
        note(&items.assembly, unlabeled, absent, repeated: isBeside ? repeatedKeys() : [])
        var hasher = Digest.Hasher()
        for path in images.map(\.path).sorted(by: { $0.precedes($1) }) { hasher.add(path: path) }
        return try items.split(
            dataset: dataset, inputs: [Input(role: "listing", name: dataset, digest: hasher.finish())],
            record: ["source": "tar", "labels": isByFolder ? "folder" : source?.rawValue ?? "beside"])
    }

    /// Whether no image has a label beside it.
    private var areUnlabeled: Bool {
        labels.allSatisfy(\.isEmpty)
            && images.allSatisfy { image in
                if case .success(nil)? = dottedLabels[image.shard][image.longKey] { return true }
                return dottedLabels[image.shard][image.longKey] == nil
            }
    }

    private func noImages(_ path: String) -> Fault {
        let count = "\(shards.count) \(shards.count == 1 ? "archive" : "archives")"
        guard !archives.isEmpty else {
            if !unread.isEmpty { return unread.fault(path) }
            return .badData(
                path, found: "no images in \(count)", expected: "images in \(ImageFormat.titles("or"))",
                remedy: "list the content with 'tar -t'")
        }
        return .badData(
            path, found: "no images but \(listed(archives, "archive", "archives")) in \(count)",
            expected: "archives of images",
            remedy: "extract the outer archive and import the inner ones, with "
                + "\(option: "label_from", "archive") if each of them is a class")
    }

    private func note(_ assembly: inout SplitAssembly, _ unlabeled: [String], _ absent: String, repeated: [String]) {
        // The members of compressed archives can be listed but not read as images.
        let compressed = shards.filter { shard in
            if case .compressedTar = ArchiveKind(at: shard.path) { true } else { false }
        }
        assembly.note(compressed.map(\.name), "archive", "archives") {
            "compressed: \($0); decompress and import them again before encoding their images"
        }
        assembly.note(unlabeled, "image", "images") { "left out: \($0) \(absent)" }
        unread.note(in: &assembly)
        assembly.note(links, "link or device", "links and devices") { "left out: \($0)" }
        assembly.note(repeated, "sample", "samples") {
            "\($0) with several images, all of which are items"
        }
    }

    /// The folders of a member, from the top of the archive.
    private func folders(_ image: Image) -> [Substring] {
        Array(image.path.dropFirst(shards[image.shard].name.count + 1).split(separator: "/").dropLast())
    }

    private func folderSubset(_ image: Image) -> Subset? {
        folders(image).dropLast().last.flatMap { Subset(folderName: String($0)) }
    }

    /// The samples with several images.
    private func repeatedKeys() -> [String] {
        var counts: [String: Int] = [:]
        for image in images {
            let key = labels[image.shard][image.key] == nil ? image.longKey : image.key
            counts[shards[image.shard].name.appending(path: key), default: 0] += 1
        }
        return counts.filter { $0.value > 1 }.keys.sorted { $0.precedes($1) }
    }
}
