internal import Archives
internal import Core
internal import Images
internal import Splits

/// The images in tar archives and the labels beside them.
struct ShardListing {
    private struct Image {
        let path: String
        let key: String
        let subset: Subset?
        let shard: Int
    }

    /// The maximum size of a label member in bytes.
    private static let labelLimit = 1 << 20
    private static let commonKeys = ["label", "class", "classname"]

    private let source: SplitImport.LabelSource?
    private let labelKey: String?
    private var shards: [ShardPaths.Shard] = []
    private var images: [Image] = []
    /// The labels of each shard, by the keys of its samples.
    private var labels: [[String: (text: String, source: SplitImport.LabelSource)]] = []
    private var links: [String] = []
    private var notes: [String] = []
    private var memberCount = 0

    init(_ shards: SplitImport.Shards) {
        source = shards.labels
        labelKey = shards.labelKey
    }

    mutating func read(
        _ shard: ShardPaths.Shard, _ progress: (Int, Int) throws(Fault) -> Void
    ) throws(Fault) {
        let archive = try TarReader(path: shard.path)
        shards.append(shard)
        labels.append([:])
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

    /// Notes the compressed archives, whose members can be listed but not read as images.
    mutating func noteCompressed() {
        let compressed = shards.filter { shard in
            if case .compressedTar = ArchiveKind(at: shard.path) { true } else { false }
        }
        guard !compressed.isEmpty else { return }
        let names = listed(compressed.map(\.name), "archive", "archives")
        notes.append("compressed: \(names); decompress and import them again before encoding their images")
    }

    private mutating func take(
        _ name: String, _ member: TarReader.Member, of shard: ShardPaths.Shard, _ archive: borrowing TarReader
    ) throws(Fault) {
        let last = lastComponent(of: name)
        guard let dot = last.firstIndex(of: ".") else { return }
        let key = String(name.dropLast(last.distance(from: dot, to: last.endIndex)))
        if ImageFormat(fileName: last) != nil {
            images.append(Image(path: "\(shard.name)/\(name)", key: key, subset: shard.subset, shard: shards.count - 1))
            return
        }
        guard let kind = SplitImport.LabelSource(rawValue: last[last.index(after: dot)...].lowercased()),
            kind != .folder, isRead(kind)
        else { return }
        // A `.cls` label takes precedence over `.json`, in any order.
        if let known = labels[shards.count - 1][key], known.source == .cls { return }
        let content = try archive.content(of: member, limit: Self.labelLimit)
        let text = kind == .json ? try json(content, member, archive.path) : try text(content, member, archive.path)
        if let text { labels[shards.count - 1][key] = (text, kind) }
    }

    private func isRead(_ kind: SplitImport.LabelSource) -> Bool {
        source.map { $0 == kind } ?? (kind != .txt)
    }

    private func text(_ content: [UInt8], _ member: TarReader.Member, _ path: String) throws(Fault) -> String? {
        guard let text = String(validating: content, as: UTF8.self)?.trimmed, !text.isEmpty,
            !text.contains(where: { $0.isNewline || $0 == "\0" }), text.utf8.count <= 1024
        else {
            throw .badData(
                path, found: "no label in member '\(member.name)'", expected: "one line with a name or a number",
                remedy: "choose the source of the labels with --label-from")
        }
        return text
    }

    /// The label in a JSON object; nil if there is none.
    private func json(_ content: [UInt8], _ member: TarReader.Member, _ path: String) throws(Fault) -> String? {
        let place = "\(path): \(member.name)"
        guard !content.isEmpty else { return nil }
        let value = try unsafe JSONValue(content.span.bytes, path: place, expected: "a JSON object")
        guard let object = value.object else { return nil }
        for key in labelKey.map({ [$0] }) ?? Self.commonKeys {
            switch object[key] {
            case .string(let text)? where !text.trimmed.isEmpty: return text.trimmed
            case .integer(let number)?: return "\(number)"
            case nil, .null?: continue
            default:
                throw .badData(
                    place, found: "no name or number at '\(key)'", expected: "a label",
                    remedy: "name the key with --label-key")
            }
        }
        return nil
    }

    consuming func split(
        _ settings: SplitImport.Settings, dataset: String, path: String
    ) throws(Fault) -> ImportedSplit {
        guard !images.isEmpty else {
            throw .badData(
                path, found: "no images in \(shards.count) \(shards.count == 1 ? "archive" : "archives")",
                expected: "images such as JPEG or PNG", remedy: "list the content with 'tar -t'")
        }
        let isByFolder = source == .folder || (source == nil && labels.allSatisfy(\.isEmpty))
        let usesFolderSubsets =
            isByFolder && shards.allSatisfy { $0.subset == nil } && images.allSatisfy { folderSubset($0) != nil }
        var items = try LabeledItems(path: path, settings)
        var unlabeled: [String] = []
        for image in images {
            let label = isByFolder ? folders(image).last.map(String.init) : labels[image.shard][image.key]?.text
            guard let label else {
                unlabeled.append(image.path)
                continue
            }
            try items.add(
                Array(image.path.utf8)[...], label: Array(label.utf8)[...],
                subset: usesFolderSubsets ? folderSubset(image) : image.subset, at: "'\(image.path)'")
        }
        guard unlabeled.count < images.count else {
            throw .badData(
                path, found: "images without a \(Self.place(isByFolder)), such as '\(unlabeled[0])'",
                expected: "labels in .cls or .json members, or one folder per class",
                remedy: "choose the source of the labels with --label-from and --label-key")
        }
        items.assembly.notes += notes + leftOutNotes(unlabeled, isByFolder)
        let digest = listingDigest(images.map(\.path).sorted { $0.precedes($1) })
        return try items.split(
            settings, dataset: dataset, inputs: [Input(role: "listing", name: dataset, digest: digest)],
            record: ["source": "tar", "labels": isByFolder ? "folder" : source?.rawValue ?? "beside"])
    }

    private static func place(_ isByFolder: Bool) -> String { isByFolder ? "folder" : "label beside it" }

    private func leftOutNotes(_ unlabeled: [String], _ isByFolder: Bool) -> [String] {
        var notes: [String] = []
        if !unlabeled.isEmpty {
            notes.append("left out: \(listed(unlabeled, "image", "images")) without a \(Self.place(isByFolder))")
        }
        if !links.isEmpty { notes.append("left out: \(listed(links, "link or device", "links and devices"))") }
        let repeated = isByFolder ? [] : repeatedKeys()
        if !repeated.isEmpty {
            notes.append("\(listed(repeated, "sample", "samples")) with several images, all of which are items")
        }
        return notes
    }

    /// The folders of a member, from the top of the archive.
    private func folders(_ image: Image) -> [Substring] {
        Array(image.path.dropFirst(shards[image.shard].name.count + 1).split(separator: "/").dropLast())
    }

    private func folderSubset(_ image: Image) -> Subset? {
        folders(image).dropLast().last.flatMap { Subset(commonName: $0) }
    }

    /// The samples with several images.
    private func repeatedKeys() -> [String] {
        var counts: [String: Int] = [:]
        for image in images { counts["\(shards[image.shard].name)/\(image.key)", default: 0] += 1 }
        return counts.filter { $0.value > 1 }.keys.sorted { $0.precedes($1) }
    }
}
