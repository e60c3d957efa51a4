internal import Core
internal import FoundationEssentials

/// A JSON record with a checksum of its other fields.
protocol ChecksummedRecord: Codable, Equatable {
    /// The digest of the record without this field; nil in the records of earlier versions.
    var checksum: Digest? { get set }
}

extension ChecksummedRecord {
    /// The record with its checksum.
    var sealed: Self {
        var record = self
        record.checksum = nil
        record.checksum = Digest(of: JSONDocument.page(record))
        return record
    }

    /// Reads the record at `path`.
    ///
    /// - Throws: `badData` for another content than was written.
    static func read(_ path: String, expected: String) throws(Fault) -> Self {
        let bytes = try fileBytes(path)
        let record = try JSONDocument.decode(Self.self, from: Data(bytes), path: path, expected: expected)
        guard record.checksum != nil else { return record }
        // A changed name of an optional field is ignored in decoding, and only missing here.
        guard record == record.sealed, JSONDocument.page(record).utf8.elementsEqual(bytes) else {
            throw .badData(path, found: "\(expected) that does not match its checksum", remedy: "correct the file")
        }
        return record
    }
}
