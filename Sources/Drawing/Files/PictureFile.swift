internal import Core

/// A drawn image on disk.
enum PictureFile {
    /// How a file compares with the bytes that it should hold.
    enum Comparison {
        case absent, equal, different
    }

    /// Compares the file at `path` with `bytes`; a link counts as different.
    static func compare(_ path: String, with bytes: [UInt8]) throws(Fault) -> Comparison {
        let file: OpenFile
        do throws(Fault) { file = try OpenFile(reading: path, followsLink: false) } catch {
            switch error.failure {
            case .absent: return .absent
            case .unusableName: return .different
            // A folder, device or pipe.
            case nil: return .different
            default: throw error
            }
        }
        // One byte more than expected shows a longer file.
        return try file.read(bytes.count + 1, at: 0) == bytes ? .equal : .different
    }
}
