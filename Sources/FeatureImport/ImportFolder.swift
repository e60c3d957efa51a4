internal import Core
internal import FeatureStore

/// The output folder of an import, in which all files appear together when they are complete.
struct ImportFolder {
    private let path: String
    private let replaces: Bool

    init(_ settings: ImportSettings) {
        path = settings.output
        replaces = settings.replaces
    }

    /// Writes the missing files.
    ///
    /// - Throws: `cannotCreate` if an existing file has other inputs, `badData` for unusable rows; writes nothing then.
    func write(_ files: [ImportedFile], _ importer: Importer, _ progress: Progress) throws(Fault) -> ImportOutcome {
        try requireFolder()
        try requireAgreement(files)
        var missing: [ImportedFile] = []
        for file in files where try !isReusable(file) { missing.append(file) }
        // Every input is checked before the first byte is written.
        var isNormalized: [Bool] = []
        let total = missing.reduce(0) { $0 + 2 * $1.lines.count }
        var done = 0
        for file in missing {
            isNormalized.append(try file.check { rows throws(Fault) in try progress(done + rows, total) })
            done += file.lines.count
        }
        if !missing.isEmpty {
            let staging = try StagedFolder(in: path, for: "import")
            for (file, flag) in zip(missing, isNormalized) {
                try staging.naming { () throws(Fault) in
                    let place = staging.path.appending(path: file.part.fileName)
                    try file.write(to: place, isNormalized: flag) { rows throws(Fault) in
                        try progress(done + rows, total)
                    }
                }
                done += file.lines.count
            }
            try staging.publish(missing.map(\.part.fileName))
        }
        let outcomes = try files.map { file throws(Fault) in
            let isReused = !missing.contains { $0.part == file.part }
            return ImportOutcome.File(try FeatureFile(path: path(of: file.part)), isReused: isReused)
        }
        return ImportOutcome(files: outcomes, notes: importer.notes + (try FeatureFolder(path: path).repeatedRows()))
    }

    private func path(of part: FeatureFile.Kind) -> String { path.appending(path: part.fileName) }

    private func requireFolder() throws(Fault) {
        switch try FileKind.found(at: path) {
        case .absent, .folder: return
        case .file, .other:
            throw Fault(.cannotCreate, path, found: "a file", expected: "a folder", remedy: "choose another output")
        }
    }

    /// Whether the existing file was made from the same inputs; otherwise it must be written.
    private func isReusable(_ imported: ImportedFile) throws(Fault) -> Bool {
        let filePath = path(of: imported.part)
        guard try FileKind.found(at: filePath) != .absent else { return false }
        let file: FeatureFile
        do throws(Fault) { file = try FeatureFile(path: filePath) } catch {
            // A failing disk does not mean that the file is damaged.
            guard error.status == .badData else { throw error }
            if replaces { return false }
            throw Self.conflict(filePath, found: error.found, expected: "features of the same import")
        }
        if let difference = try file.provenance().firstDifference(from: imported.provenance) {
            if replaces { return false }
            throw Self.conflict(
                filePath, found: "features made with \(difference.field) '\(difference.found)'",
                expected: "'\(difference.expected)' as requested")
        }
        // With --replace the bytes are verified: the record alone may describe a damaged file.
        return replaces ? try Verification(of: filePath).isSound : true
    }

    private static func conflict(_ path: String, found: String, expected: String) -> Fault {
        Fault(
            .cannotCreate, path, found: found, expected: expected,
            remedy: "choose another output, or replace it with \(option: "replace")")
    }

    /// Checks that files that stay have the same classes, width, and model.
    private func requireAgreement(_ files: [ImportedFile]) throws(Fault) {
        guard let first = files.first else { return }
        for part in FeatureFile.Kind.allCases where !files.contains(where: { $0.part == part }) {
            let filePath = path(of: part)
            guard try FileKind.found(at: filePath) != .absent else { continue }
            let file = try FeatureFile(path: filePath)
            let model = first.provenance.settings["model"]
            let theirs = try file.provenance().settings["model"]
            let difference: (String, String)? =
                if file.width != first.shape.width {
                    ("features of width \(file.width)", "the width \(first.shape.width)")
                } else if file.classes != first.classes {
                    ("other classes", "the classes")
                } else if let model, let theirs, model != theirs {
                    ("the model '\(theirs)'", "the model '\(model)'")
                } else { nil }
            guard let difference else { continue }
            throw Fault(
                .cannotCreate, filePath, found: difference.0, expected: "\(difference.1) of the features to import",
                remedy: "choose another output, or remove this file")
        }
    }
}
