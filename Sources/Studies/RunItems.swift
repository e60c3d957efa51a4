internal import Adapter
public import Core
internal import FeatureStore
internal import FoundationEssentials
internal import Kernels

/// The items of the features that a run was trained on: train, val, test.
public struct RunItems: Sendable {
    /// A record per item [N].
    public let records: [ItemRecord]
    /// The share of the variance along each direction of the map, from 0 to 1 [2].
    public let mapShares: [Float]
    /// The feature folder.
    public let features: String
    /// The folder to which the items' paths were relative when they were encoded; nil if it is unknown.
    public let imageFolder: String?
    /// The checksum of each item's image file [N]; nil if a subset has none.
    package let checksums: [UInt64]?
}

extension SavedRun {
    /// Reads the items of the features that the run was trained on, with the `top` most probable classes each.
    ///
    /// `features` is their place; nil for the recorded one.
    ///
    /// - Throws: `noInput` if the place is unknown, `badData` if other features are there, `configuration` if there are
    ///   more than `limit` items.
    public func runItems(features: String? = nil, top: Int, limit: Int = .max) throws(Fault) -> RunItems {
        guard let path = features ?? recordedFeatures else {
            throw Fault(
                .noInput, self.path, found: "no record of the place of its features", expected: "the feature folder",
                remedy: "name it with \(option: "features")")
        }
        try requireFeatures(path)
        let pool = try PooledItems(path, nil)
        guard pool.ids.count <= limit else {
            throw Fault(.configuration, path, found: "\(pool.ids.count) items", expected: "at most \(limit)")
        }
        let predictions = try pool.parts.map { part throws(Fault) in
            try adapter.predictions(of: part, classes: pool.classes, top: top)
        }.flatMap(\.self)
        let map = FeatureMap(try pool.features())
        let images = ImageFiles(in: SourcePaths(of: path).images, ids: pool.ids)
        let records = predictions.indices.map { item in
            ItemRecord(
                subset: pool.subsets[item], prediction: predictions[item], x: map.coordinates[item, 0],
                y: map.coordinates[item, 1], filepath: images?.path(of: predictions[item].item))
        }
        let checksums = try pool.parts.map { part throws(Fault) in try part.imageChecksums() }
        return RunItems(
            records: records, mapShares: map.shares, features: path, imageFolder: SourcePaths(of: path).images,
            checksums: checksums.contains { $0 == nil } ? nil : checksums.compactMap(\.self).flatMap(\.self))
    }

    /// Returns a record of each item of the features that the run was trained on.
    ///
    /// - Throws: what ``runItems(features:top:)`` throws.
    public func items(features: String? = nil, top: Int) throws(Fault) -> [ItemRecord] {
        try runItems(features: features, top: top).records
    }

    /// Checks that the features at `path` are those that the run was trained on.
    private func requireFeatures(_ path: String) throws(Fault) {
        guard let record = try record() else { return }
        let folder = try FeatureFolder(path: path)
        for input in record.identity.inputs {
            guard let kind = FeatureFile.Kind(rawValue: input.role), folder.digests[kind] != input.digest else {
                continue
            }
            throw .badData(
                folder.path(of: kind), found: "features \(folder.digests[kind]?.description ?? "none")",
                expected: "\(input.digest), on which \(self.path) was trained",
                remedy: "name their folder with \(option: "features"), or train the run again")
        }
    }
}

/// The image files of items, which lie below a folder.
private struct ImageFiles {
    private let folder: URL

    /// Nil if the folder is unknown, or the first item is no file in it, as the member of an archive.
    init?(in folder: String?, ids: [String]) {
        guard let folder, let first = ids.first, case .file = FileKind(at: folder.appending(path: first)) else {
            return nil
        }
        self.folder = URL(fileURLWithPath: folder).standardizedFileURL
    }

    func path(of id: String) -> String { folder.path.appending(path: id) }
}
