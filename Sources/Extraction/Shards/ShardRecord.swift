internal import Core
internal import FeatureStore

/// The record of a finished shard, `parts/00042.json`, written after its files.
///
/// A shard is done if and only if its record exists and describes its files.
struct ShardRecord: ChecksummedRecord {
    /// A feature file of a shard's output.
    struct File: Codable, Equatable {
        let subset: Subset
        /// The name of the file, in the folder of the record.
        let name: String
        let byteCount: Int
        /// The identity of the features.
        let digest: Digest
        let count: Int

        private enum CodingKeys: String, CodingKey {
            case subset = "part"
            case name, byteCount, digest, count
        }
    }

    var format = "fewshot-shard"
    var version = 1
    let plan: Digest
    let shard: Int
    /// One file per subset, except for a subset whose items were all omitted.
    let files: [File]
    let skipped: [UnusableImage]
    /// The arithmetic of the processor; kinds of processors differ in the last bits.
    let arithmetic: String
    var checksum: Digest?
}

extension ShardPlan {
    func recordPath(_ shard: Int) -> String { partsFolder.appending(path: "\(Shard.name(shard)).json") }

    static func outputName(_ shard: Int, _ subset: Subset) -> String {
        "\(Shard.name(shard)).\(FeatureFile.Kind(subset).fileName)"
    }

    /// Reads the record of a shard and checks the shard's files against it; nil if there is no record.
    ///
    /// Every block is compared with its checksum; without `everyByte`, only seals and sizes.
    ///
    /// - Throws: `badData` that describes the damage of the shard's files.
    func record(_ shard: Int, everyByte: Bool) throws(Fault) -> ShardRecord? {
        let path = recordPath(shard)
        guard try FileKind.found(at: path) != .absent else { return nil }
        let record: ShardRecord
        do throws(Fault) {
            record = try ShardRecord.read(path, expected: "the record of a shard")
        } catch {
            throw error.isAboutContent ? error.with(remedy: "run its worker again") : error
        }
        guard record.format == "fewshot-shard", record.version == 1, record.shard == shard else {
            throw damaged(path, "the record of another shard or version")
        }
        // The outputs of another plan are not damage: those of this plan are missing.
        guard record.plan == identity else { return nil }
        try check(record, shards[shard], everyByte: everyByte)
        return record
    }

    /// The record of a shard that is done; nil where it must be made, or made again.
    ///
    /// - Throws: a fault that is not about the content of files, such as that of a failing disk.
    func finishedRecord(_ shard: Int, everyByte: Bool) throws(Fault) -> ShardRecord? {
        do throws(Fault) { return try record(shard, everyByte: everyByte) } catch {
            guard error.isAboutContent else { throw error }
            return nil
        }
    }

    private func check(_ record: ShardRecord, _ shard: Shard, everyByte: Bool) throws(Fault) {
        let path = recordPath(record.shard)
        for slice in shard.slices {
            let skipped = record.skipped.count { $0.subset == slice.subset }
            let files = record.files.filter { $0.subset == slice.subset }
            guard files.reduce(skipped, { $0 + $1.count }) == slice.count, files.count <= 1 else {
                let items = "\(files.first?.count ?? 0) \(slice.subset.rawValue) items"
                throw damaged(path, "\(items) and \(skipped) omitted", "\(slice.count)")
            }
        }
        for file in record.files {
            guard file.name == Self.outputName(record.shard, file.subset) else {
                throw damaged(path, "the file '\(file.name)'", "a file of this shard")
            }
            let place = partsFolder.appending(path: file.name)
            let features = try FeatureFile(path: place)
            guard features.part == FeatureFile.Kind(file.subset), features.digest == file.digest,
                features.byteCount == file.byteCount
            else { throw damaged(place, "features that differ from the shard's record", "\(file.digest)") }
            if everyByte { try features.checkEveryByte() }
        }
    }

    private func damaged(_ path: String, _ found: String, _ expected: String = "") -> Fault {
        .badData(path, found: found, expected: expected, remedy: "run its worker again")
    }
}
