internal import Core
internal import Images

/// A kind of file that people take for a list, recognized by its first bytes.
enum ForeignFile {
    case archive, workbook, parquet, gzip, database, image, webPage, xml, lfsPointer

    /// Recognizes the file at `path`; nil for a text that may be a list.
    ///
    /// - Throws: `noInput` if it does not exist.
    init?(at path: String) throws(Fault) {
        let first = try OpenFile(reading: path).read(64, at: 0)
        let suffix = path.lowercased()
        let signatures: [(bytes: [UInt8], kind: ForeignFile)] = [
            (Array("PK\u{3}\u{4}".utf8), suffix.hasSuffix(".zip") ? .archive : .workbook),
            ([0xD0, 0xCF, 0x11, 0xE0], .workbook), (Array("PAR1".utf8), .parquet), ([0x1F, 0x8B], .gzip),
            (Array("SQLite format 3".utf8), .database), (Array("version https://git-lfs".utf8), .lfsPointer),
        ]
        if let known = signatures.first(where: { first.starts(with: $0.bytes) }) {
            self = known.kind
            return
        }
        if ImageFormat(firstBytes: first) != nil {
            self = .image
            return
        }
        let text = String(decoding: first, as: UTF8.self).trimmed.lowercased()
        if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
            self = .webPage
        } else if text.hasPrefix("<") {
            self = .xml
        } else {
            return nil
        }
    }

    /// Throws the error that the file at `path` is not a list.
    func refuse(_ path: String) throws(Fault) {
        throw .badData(path, found: words, expected: "a list as CSV, TSV or JSON", remedy: remedy)
    }

    private var words: String {
        switch self {
        case .archive: "a ZIP archive"
        case .workbook: "an Excel workbook"
        case .parquet: "a parquet file"
        case .gzip: "a file compressed by gzip"
        case .database: "an SQLite database"
        case .image: "an image"
        case .webPage: "a web page"
        case .xml: "an XML file, such as one with bounding boxes"
        case .lfsPointer: "a pointer of Git LFS instead of the file"
        }
    }

    private var remedy: Remedy {
        switch self {
        case .archive: "unpack it and give the list in it"
        case .workbook: "save the sheet as 'CSV UTF-8' and import that file"
        case .parquet: "import it as a parquet file"
        case .gzip: "decompress it with 'gunzip'"
        case .database: "export the table as CSV"
        case .image: "name the file that lists the images, or \(action: .importFolder)"
        case .webPage: "download the file itself"
        case .xml: "list paths and labels in a CSV file"
        case .lfsPointer: "run 'git lfs pull'"
        }
    }
}
