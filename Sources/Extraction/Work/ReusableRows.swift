internal import Archives
internal import Core
internal import FeatureStore
internal import Kernels
internal import Splits

/// The rows of existing feature files that a build can copy because they hold what it would compute.
///
/// The files are made with the same weights, arithmetic and preprocessing. A row is that of the same image: its file
/// has the recorded checksum. Labels, classes and the order of items do not matter. Random views depend on the item's
/// path, so an image that was renamed or copied keeps its plain view only.
struct ReusableRows {
    private struct Source {
        let path: String
        let subset: Subset
        /// The checksum of each item's image [N].
        let sums: [UInt64]
        /// The number of views that items with the same path have in common with the build.
        let views: Int
    }

    /// An item of a source.
    private struct Place: Sendable {
        let source: Int
        let item: Int
    }

    /// An item to make, and the rows that it can take over.
    private struct Copy {
        let item: Int
        /// The first row in the unfinished features.
        let row: Int
        let views: Int
    }

    private var sources: [Source] = []
    private var places: [String: [Place]] = [:]
    /// The items that the split does not have any more, by the checksum of their image.
    private var gone: [UInt64: Place] = [:]

    /// The fields of a provenance in which files with equal rows may differ.
    static let freeFields: Set = ["split", "dataset", "views", "shots", "seeds", "scheme", "val", "skipped"]
    /// The fields that change the random views only.
    static let viewFields: Set = ["view seed", "augmentation"]

    /// Opens the feature files in `folder`; those of another encoder and damaged ones are left out.
    ///
    /// - Throws: the fault of a failing disk.
    init(_ resolved: ResolvedBuild, in folder: String, includesVirtual: Bool = true) throws(Fault) {
        for subset in Subset.allCases {
            let path = folder.appending(path: FeatureFile.Kind(subset).fileName)
            do throws(Fault) {
                guard try FileKind.found(at: path) != .absent else { continue }
                try add(path, subset, resolved, includesVirtual: includesVirtual)
            } catch {
                guard error.isAboutContent else { throw error }
            }
        }
        var wanted: Set<String> = []
        for subset in resolved.subsets { for item in subset.items.indices { wanted.insert(subset.id(item)) } }
        for (id, places) in places where !wanted.contains(id) {
            for place in places { gone[sources[place.source].sums[place.item]] = place }
        }
    }

    private mutating func add(
        _ path: String, _ subset: Subset, _ resolved: ResolvedBuild, includesVirtual: Bool
    ) throws(Fault) {
        let file = try FeatureFile(path: path)
        try file.require(FeatureFile.Kind(subset))
        let same = resolved.subsets.first { $0.name == subset }
        guard includesVirtual || !file.isVirtual, let sums = try file.imageChecksums(),
            let wanted = (same ?? resolved.subsets.first)?.provenance
        else { return }
        let fields = Set(try file.provenance().differences(from: wanted).map(\.field))
        guard fields.isSubset(of: Self.freeFields.union(Self.viewFields)) else { return }
        let hasSameViews = same != nil && fields.isDisjoint(with: Self.viewFields)
        for (item, id) in try file.ids().enumerated() {
            places[id, default: []].append(Place(source: sources.count, item: item))
        }
        sources.append(Source(path: path, subset: subset, sums: sums, views: hasSameViews ? file.views : 1))
    }

    /// Copies the rows of the items of `build` that `unfinished` lacks, and returns the number of these items.
    ///
    /// Reads the images whose features may be there. Damaged rows are not copied.
    ///
    /// - Throws: the faults of a failing disk and of `progress`, which receives numbers of compared images.
    func copy(
        to unfinished: inout UnfinishedFeatures, of build: ResolvedBuild,
        progress: (Int, Int) throws(Fault) -> Void = { (_, _) throws(Fault) in }
    ) throws(Fault) -> Int {
        guard !sources.isEmpty else { return 0 }
        var items: [(subset: ResolvedSubset, item: Int)] = []
        for subset in build.subsets {
            for item in subset.items.indices where !unfinished.hasRow(subset.row(item)) {
                if places[subset.id(item)] != nil || !gone.isEmpty { items.append((subset, item)) }
            }
        }
        let images = build.images
        if !items.isEmpty { try progress(0, items.count) }
        let sums = try Parallel.map(items.count, progress: progress) { [items] index -> UInt64? in
            let (subset, item) = items[index]
            // An image that cannot be read is reported when it is encoded.
            guard let bytes = try? images.content(of: subset.path(item)).bytes() else { return nil }
            return checksum(of: bytes[...])
        }
        var copies = [[Copy]](repeating: [], count: sources.count)
        for ((subset, item), sum) in zip(items, sums) {
            guard let sum, let (place, views) = place(of: subset, item, sum) else { continue }
            copies[place.source].append(Copy(item: place.item, row: subset.row(item), views: views))
        }
        var count = 0
        for (source, copies) in zip(sources, copies) {
            count += try Self.copy(copies.sorted { $0.item < $1.item }, from: source, to: &unfinished)
        }
        return count
    }

    /// The item with the rows of an item whose image has the checksum `sum`, and the number of its views.
    private func place(of subset: ResolvedSubset, _ item: Int, _ sum: UInt64) -> (Place, views: Int)? {
        let same = (places[subset.id(item)] ?? []).filter { sources[$0.source].sums[$0.item] == sum }
        if let place = same.first(where: { sources[$0.source].subset == subset.name }) {
            return (place, min(sources[place.source].views, subset.views))
        }
        return (same.first ?? gone[sum]).map { ($0, 1) }
    }

    /// Copies items of a source, in their order; those with damaged rows are left out.
    private static func copy(
        _ copies: [Copy], from source: Source, to unfinished: inout UnfinishedFeatures
    ) throws(Fault) -> Int {
        guard !copies.isEmpty else { return 0 }
        let file = try FeatureFile(path: source.path)
        var count = 0
        for start in stride(from: 0, to: copies.count, by: 256) {
            let batch = copies[start ..< min(start + 256, copies.count)]
            let views = batch.map(\.views).max() ?? 1
            var values: [Float] = []
            do throws(Fault) { try file.read(rows: batch.map(\.item), views: 0 ..< views, into: &values) } catch {
                guard error.isAboutContent else { throw error }
                continue
            }
            for (index, copy) in batch.enumerated() {
                var rows: [UInt8] = []
                for view in 0 ..< copy.views {
                    let start = (index * views + view) * file.width
                    rows += narrow(values.span.extracting(start ..< start + file.width), to: file.type)
                    rows += ImageRow.bytes(of: source.sums[copy.item])
                }
                unsafe try unfinished.put(rows.span.bytes, at: copy.row)
                count += 1
            }
        }
        return count
    }
}

extension SplitChanges {
    /// The changes from the items of the feature files in `folder` to those of a build; nil if they cannot be read.
    init?(from folder: String, to resolved: ResolvedBuild) throws(Fault) {
        var classes: [String] = []
        var former: [Subset: ItemList] = [:]
        for subset in Subset.allCases {
            let path = folder.appending(path: FeatureFile.Kind(subset).fileName)
            do throws(Fault) {
                guard try FileKind.found(at: path) != .absent else { continue }
                let file = try FeatureFile(path: path)
                let labels = file.classes.map { name in
                    if let known = classes.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return known }
                    classes.append(name)
                    return classes.count - 1
                }
                let items = try zip(file.ids(), file.labels())
                former[subset] = ItemList(items.map { Item(path: $0, label: labels[Int($1)]) })
            } catch {
                guard error.isAboutContent else { throw error }
            }
        }
        var split = resolved.split.split
        for subset in resolved.subsets {
            // An image that was left out is missing in the files, and not new.
            let leftOut = ErrorList.items(of: subset.name, in: folder)
            let known = Set((former[subset.name] ?? ItemList([])).map(\.path))
            let items = subset.items.indices.filter {
                !leftOut.contains(subset.path($0)) || known.contains(subset.id($0))
            }
            split[subset.name] = ItemList(items.map { Item(path: subset.id($0), label: subset.items[$0].label) })
        }
        let made = try? Split(
            dataset: split.dataset, root: split.root, classes: classes, items: former, provenance: split.provenance,
            path: folder)
        guard let made else { return nil }
        self.init(from: made, to: split)
    }
}
