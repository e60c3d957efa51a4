internal import Core
internal import FeatureStore
internal import Foundation

/// The record of a finished shard, `parts/00042.json`, written after its files.
///
/// A shard is done if and only if its record exists and describes its files.
struct PartRecord: Codable, Equatable {
    struct File: Codable, Equatable {
        let part: Subset
        /// The name of the file, in the folder of the record.
        let name: String
        let byteCount: Int
        /// The identity of the features.
        let digest: Digest
        let count: Int
    }

    var format = "fewshot-shard"
    var version = 1
    /// The identity of the plan.
    let plan: Digest
    let shard: Int
    /// One file per part, except for a part whose items were all omitted.
    let files: [File]
    let skipped: [UnusableImage]
    /// The arithmetic of the processor; kinds of processors differ in the last bits.
    let arithmetic: String
}

extension ShardPlan {
    func recordPath(_ shard: Int) -> String { "\(partsFolder)/\(Shard.name(shard)).json" }

    static func partName(_ shard: Int, _ part: Subset) -> String {
        "\(Shard.name(shard)).\(FeatureFile.Kind(part).fileName)"
    }

    /// Reads the record of a shard and checks the shard's files against it; nil if there is no record.
    ///
    /// Every block is compared with its checksum; without `everyByte`, only seals and sizes.
    ///
    /// - Throws: `badData` that describes the damage of the shard's files.
    func record(_ shard: Int, everyByte: Bool) throws(Fault) -> PartRecord? {
        let path = recordPath(shard)
        guard try FileKind.found(at: path) != .absent else { return nil }
        let record: PartRecord
        do throws(Fault) {
            record = try JSONDocument.read(PartRecord.self, from: path, expected: "the record of a shard")
        } catch {
            throw error.isAboutContent ? error.with(remedy: "run its worker again") : error
        }
        guard record.format == "fewshot-shard", record.version == 1, record.shard == shard else {
            throw .badData(path, found: "the record of another shard or version", remedy: "run its worker again")
        }
        // The outputs of another plan are not damage: those of this plan are missing.
        guard record.plan == identity else { return nil }
        try check(record, shards[shard], path, everyByte: everyByte)
        return record
    }

    /// The record of a shard that is done; nil where it must be made, or made again.
    ///
    /// - Throws: a fault that is not about the content of files, such as that of a failing disk.
    func finishedRecord(_ shard: Int, everyByte: Bool) throws(Fault) -> PartRecord? {
        do throws(Fault) { return try record(shard, everyByte: everyByte) } catch {
            guard error.isAboutContent else { throw error }
            return nil
        }
    }

    private func check(_ record: PartRecord, _ shard: Shard, _ path: String, everyByte: Bool) throws(Fault) {
        for slice in shard.slices {
            let skipped = record.skipped.count { $0.part == slice.part }
            let files = record.files.filter { $0.part == slice.part }
            guard files.reduce(skipped, { $0 + $1.count }) == slice.count, files.count <= 1 else {
                throw .badData(
                    path, found: "\(files.first?.count ?? 0) \(slice.part.rawValue) items and \(skipped) omitted",
                    expected: "\(slice.count)", remedy: "run its worker again")
            }
        }
        for file in record.files {
            guard file.name == Self.partName(record.shard, file.part) else {
                throw .badData(
                    path, found: "the file '\(file.name)'", expected: "a file of this shard",
                    remedy: "run its worker again")
            }
            let place = "\(partsFolder)/\(file.name)"
            let features = try FeatureFile(path: place)
            guard features.part == FeatureFile.Kind(file.part), features.digest == file.digest,
                features.byteCount == file.byteCount
            else {
                throw .badData(
                    place, found: "features that differ from the shard's record", expected: "\(file.digest)",
                    remedy: "run its worker again")
            }
            if everyByte { try features.checkEveryByte() }
        }
    }
}
