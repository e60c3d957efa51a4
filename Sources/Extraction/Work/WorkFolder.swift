internal import Core
internal import FeatureStore
internal import Foundation

/// The folder inside the output where features wait until all of them are complete.
///
/// It belongs to one process at a time and to one plan: what another plan has begun is neither used nor thrown away. A list
/// of the complete files is written before the first of them is moved, so that a process killed in between is finished by
/// the next one.
struct WorkFolder: ~Copyable {
    let path: String
    private let lock: OpenFile

    private struct Begun: Codable {
        var files: [String: Provenance]
    }

    /// Opens the folder in `output` for files that come to be as `files` says.
    ///
    /// - Throws: `tryAgain` where another process is at work, `cannotCreate` naming the field in which what was begun differs,
    ///   unless `replaces`.
    init(output: String, files: [FeatureFile.Kind: Provenance], replaces: Bool) throws(Fault) {
        let path = Self.path(in: output)
        try makeFolder(path)
        let lock = try OpenFile(locking: path.appending(path: "lock"))
        let asked = Begun(files: Dictionary(uniqueKeysWithValues: files.map { ($0.key.rawValue, $0.value) }))
        try Self.adopt(asked, in: path, output: output, replaces: replaces)
        self.path = path
        self.lock = lock
    }

    /// Keeps what was begun by the same plan; else makes room for this one.
    private static func adopt(_ asked: Begun, in path: String, output: String, replaces: Bool) throws(Fault) {
        let record = "\(path)/identity.json"
        if case .file = try FileKind.found(at: record), let begun = try read(Begun.self, from: record) {
            guard let (part, difference) = difference(begun, asked) else { return }
            guard replaces else { throw conflict(output, part, difference) }
        }
        // Rows of another plan must not stay: they would be taken for this one's.
        removeFiles(in: path)
        let rest = try names(in: path)
        guard rest.isEmpty else {
            throw Fault(
                .inputOutput, "\(path)/\(rest[0])", found: "a file of other work that cannot be removed",
                remedy: "check the disk, or remove it")
        }
        try PublishedFile.publish(JSONDocument.page(asked), to: record)
    }

    /// Reads a record of this folder; nil if it is damaged.
    private static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(Fault) -> Value? {
        do throws(Fault) { return try JSONDocument.read(type, from: path, expected: "a record of a build") } catch {
            // A failing disk is no reason to drop finished work.
            guard error.isAboutContent else { throw error }
            return nil
        }
    }

    private static func difference(_ begun: Begun, _ asked: Begun) -> (String, Provenance.Difference)? {
        // Rows have their place among those of all parts that are made together.
        for (part, provenance) in asked.files.merging(begun.files, uniquingKeysWith: { mine, _ in mine })
            .sorted(by: { $0.key < $1.key })
        {
            guard asked.files[part] != nil, let other = begun.files[part] else {
                return (
                    part,
                    .init(
                        field: "parts", found: begun.files.keys.sorted().joined(separator: ","),
                        expected: asked.files.keys.sorted().joined(separator: ","))
                )
            }
            if let difference = other.firstDifference(from: provenance) { return (part, difference) }
        }
        return nil
    }

    private static func conflict(_ output: String, _ part: String, _ difference: Provenance.Difference) -> Fault {
        Fault(
            .cannotCreate, output,
            found: "unfinished \(part) features begun with \(difference.field) '\(difference.found)'",
            expected: "'\(difference.expected)' as now asked for",
            remedy: "finish them with the former settings, or drop them with \(option: "replace")")
    }

    /// Removes all but the lock, as far as it can be removed.
    private static func removeFiles(in path: String) {
        for name in (try? names(in: path)) ?? [] { removeFile("\(path)/\(name)") }
    }

    /// What is in the folder beside the lock.
    private static func names(in path: String) throws(Fault) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0 != "lock" }.sorted()
        } catch {
            throw Fault(
                .inputOutput, path, found: "a folder that cannot be listed", expected: "unfinished features",
                remedy: "check the disk and the folder's mode, and try again")
        }
    }

    /// Moves the complete files to their place and removes the folder.
    consuming func publish(_ names: [String], to output: String) throws(Fault) {
        try PublishedFile.publish(JSONDocument.page(names), to: "\(path)/\(Self.completeName)")
        try Self.move(names, to: output)
    }

    /// Goes on with a ``publish(_:to:)`` that was killed.
    static func finishPublishing(to output: String) throws(Fault) {
        let path = path(in: output)
        guard case .file = try FileKind.found(at: "\(path)/\(completeName)") else { return }
        let lock = try OpenFile(locking: path.appending(path: "lock"))
        if let names = try read([String].self, from: "\(path)/\(completeName)") {
            try move(FeatureFile.Kind.allCases.map(\.fileName).filter(names.contains), to: output)
        } else {
            // Without the list the files are completed again, from rows that are still there.
            removeFile("\(path)/\(completeName)")
        }
        _ = consume lock
    }

    private static func move(_ names: [String], to output: String) throws(Fault) {
        let path = path(in: output)
        for name in names where try FileKind.found(at: "\(path)/\(name)") != .absent {
            try moveFile("\(path)/\(name)", to: "\(output)/\(name)")
        }
        removeFiles(in: path)
        removeFile("\(path)/lock")
        removeEmptyFolder(path)
    }

    private static let completeName = lastComponent(of: FeatureFolder.completeName)
    private static func path(in output: String) -> String {
        "\(output)/\(parentFolder(of: FeatureFolder.completeName))"
    }
}
