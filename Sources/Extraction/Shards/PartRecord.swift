internal import Core
internal import FeatureStore
internal import Foundation

/// What a finished shard consists of: `parts/00042.json`, written after its files.
///
/// A shard is done exactly where its record is there and its files are what it says; nothing else is believed.
struct PartRecord: Codable, Equatable {
    struct File: Codable, Equatable {
        let part: Subset
        /// Beside the record.
        let name: String
        let byteCount: Int
        /// The features' identity.
        let digest: Digest
        let count: Int
    }

    var format = "fewshot-shard"
    var version = 1
    /// The plan's identity.
    let plan: Digest
    let shard: Int
    /// A part whose items were all left out has none.
    let files: [File]
    let skipped: [UnusableImage]
    /// What did the arithmetic, as kinds of processors differ in the last bits.
    let arithmetic: String
}

extension Fault {
    /// Whether files are damaged or missing; else it is not known what they hold.
    var isAboutContent: Bool { [.badData, .noInput].contains(status) }
}

extension ShardPlan {
    func recordPath(_ shard: Int) -> String { "\(partsFolder)/\(Shard.name(shard)).json" }

    static func partName(_ shard: Int, _ part: Subset) -> String {
        "\(Shard.name(shard)).\(FeatureFile.Kind(part).fileName)"
    }

    /// The record of a shard whose files are what it says; nil where there is none.
    ///
    /// Every block is compared with its checksum, or without `everyByte` only seals and sizes.
    ///
    /// - Throws: `badData` saying what is wrong with the shard's files.
    func record(_ shard: Int, everyByte: Bool) throws(Fault) -> PartRecord? {
        let path = recordPath(shard)
        guard try FileKind.found(at: path) != .absent else { return nil }
        let record = try JSONDocument.read(PartRecord.self, from: path, expected: "the record of a shard")
        guard record.format == "fewshot-shard", record.version == 1, record.shard == shard else {
            throw .badData(path, found: "no record of shard \(shard)", remedy: "run its worker again")
        }
        // Another plan's parts are no damage: they are simply not there yet.
        guard record.plan == identity else { return nil }
        try check(record, shards[shard], path, everyByte: everyByte)
        return record
    }

    /// The record of a shard that is done; nil where it is to be made, or made again.
    ///
    /// - Throws: what a failing disk throws, which says nothing of the files.
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
                    path, found: "\(files.first?.count ?? 0) \(slice.part.rawValue) items and \(skipped) left out",
                    expected: "\(slice.count)", remedy: "run its worker again")
            }
        }
        for file in record.files {
            guard file.name == Self.partName(record.shard, file.part) else {
                throw .badData(
                    path, found: "a file '\(file.name)'", expected: "one beside it", remedy: "run its worker again")
            }
            let place = "\(partsFolder)/\(file.name)"
            let features = try FeatureFile(path: place)
            guard features.part == FeatureFile.Kind(file.part), features.digest == file.digest,
                features.byteCount == file.byteCount
            else {
                throw .badData(
                    place, found: "other features than its record says", expected: "\(file.digest)",
                    remedy: "run its worker again")
            }
            if everyByte { try features.checkEveryByte() }
        }
    }
}
