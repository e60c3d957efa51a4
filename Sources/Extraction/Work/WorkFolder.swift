internal import Core
internal import FeatureStore

/// The folder inside the output in which features wait until all of them are complete.
///
/// It belongs to one process at a time and to one build: work that another build has begun is neither used nor removed.
/// A list of the complete files is written before the first of them is moved, so that the next process finishes what a
/// killed one has begun.
struct WorkFolder: ~Copyable {
    let path: String
    private let lock: OpenFile

    private struct Begun: Codable {
        var files: [String: Provenance]
    }

    /// Opens the folder in `output` for `files`, the provenances by kind.
    ///
    /// - Throws: `tryAgain` if another process is at work; unless `replaces`, `cannotCreate` naming the first
    ///   difference from the begun work.
    init(output: String, files: [String: Provenance], replaces: Bool) throws(Fault) {
        let path = Self.path(in: output)
        let lock = try OpenFile(locking: "lock", in: path)
        try Self.adopt(Begun(files: files), in: path, output: output, replaces: replaces)
        self.path = path
        self.lock = lock
    }

    /// Keeps what the same build has begun; else removes it.
    private static func adopt(_ asked: Begun, in path: String, output: String, replaces: Bool) throws(Fault) {
        let record = path.appending(path: "identity.json")
        if case .file = try FileKind.found(at: record), let begun = try read(Begun.self, from: record) {
            guard let (kind, difference) = difference(begun.files, asked.files) else { return }
            guard replaces else {
                let isOfOtherItems = difference.field == "split"
                throw Fault(
                    .cannotCreate, output,
                    found: isOfOtherItems
                        ? "unfinished \(kind) features of other items or classes"
                        : "unfinished \(kind) features begun with \(difference.field) '\(difference.found)'",
                    expected: isOfOtherItems ? "those of the split" : "'\(difference.expected)' as now asked for",
                    remedy: "finish them with the former settings, or drop them with \(option: "replace")")
            }
        }
        // Rows of another build must not stay: they would be taken for this one's.
        removeFiles(in: path)
        if let rest = try names(in: path).first {
            throw Fault(
                .inputOutput, path.appending(path: rest), found: "a file of other work that cannot be removed",
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

    private static func difference(
        _ begun: [String: Provenance], _ asked: [String: Provenance]
    ) -> (kind: String, Provenance.Difference)? {
        func list(_ files: [String: Provenance]) -> String { files.keys.sorted().joined(separator: ",") }
        for kind in Set(begun.keys).union(asked.keys).sorted() {
            // Rows have their place among those of all subsets that are made together.
            guard let mine = asked[kind], let other = begun[kind] else {
                return (kind, .init(field: "parts", found: list(begun), expected: list(asked)))
            }
            if let difference = other.firstDifference(from: mine) { return (kind, difference) }
        }
        return nil
    }

    /// Removes all but the lock, as far as it can be removed.
    private static func removeFiles(in path: String) {
        for name in (try? names(in: path)) ?? [] { removeFile(path.appending(path: name)) }
    }

    /// The names in the folder without the lock.
    private static func names(in path: String) throws(Fault) -> [String] {
        do {
            return try listFolder(path).filter { $0 != "lock" }
        } catch {
            throw Fault(
                .inputOutput, path, found: "a folder that cannot be listed", expected: "unfinished features",
                remedy: "check the disk and the folder's mode, and try again")
        }
    }

    /// Moves the complete files to their place and removes the folder.
    consuming func publish(_ names: [String], to output: String) throws(Fault) {
        try PublishedFile.publish(JSONDocument.page(names), to: path.appending(path: Self.completeName))
        try Self.move(names, to: output)
    }

    /// Finishes a ``publish(_:to:)`` that was killed.
    static func finishPublishing(to output: String) throws(Fault) {
        let path = path(in: output)
        guard case .file = try FileKind.found(at: path.appending(path: completeName)) else { return }
        let lock = try OpenFile(locking: "lock", in: path)
        if let names = try read([String].self, from: path.appending(path: completeName)) {
            try move(FeatureFile.Kind.allCases.map(\.fileName).filter(names.contains), to: output)
        } else {
            // Without the list the files are completed again, from the rows in the folder.
            removeFile(path.appending(path: completeName))
            // Another process may have published meanwhile, and this one has made the folder again.
            if try names(in: path).isEmpty { remove(path) }
        }
        _ = consume lock
    }

    private static func move(_ names: [String], to output: String) throws(Fault) {
        let path = path(in: output)
        for name in names where try FileKind.found(at: path.appending(path: name)) != .absent {
            try moveFile(path.appending(path: name), to: output.appending(path: name))
        }
        removeFiles(in: path)
        remove(path)
    }

    /// Removes the folder, which has no files but the lock.
    private static func remove(_ path: String) {
        removeFile(path.appending(path: "lock"))
        removeEmptyFolder(path)
    }

    private static let completeName = lastComponent(of: FeatureFolder.completeName)
    private static func path(in output: String) -> String {
        "\(output)/\(parentFolder(of: FeatureFolder.completeName))"
    }
}
