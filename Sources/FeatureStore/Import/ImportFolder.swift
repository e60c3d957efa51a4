internal import Core

/// The output folder of an import, in which all files appear together when they are complete.
struct ImportFolder {
    let path: String
    let replaces: Bool

    /// Writes the missing files.
    ///
    /// - Throws: `cannotCreate` if an existing file has other inputs, `badData` for unusable rows. Existing files are
    ///   unchanged then.
    func write(_ files: [ImportedFile], _ importer: Importer, _ progress: Progress) throws(Fault) -> ImportOutcome {
        try requireFolder()
        try requireAgreement(files)
        var outcomes: [ImportOutcome.File] = []
        var missing: [ImportedFile] = []
        for file in files {
            if let found = try existing(file) { outcomes.append(found) } else { missing.append(file) }
        }
        // Every input is checked before the first byte is written.
        var isNormalized: [Bool] = []
        let total = missing.reduce(0) { $0 + 2 * $1.lines.count }
        var done = 0
        for file in missing {
            isNormalized.append(try file.check { rows throws(Fault) in try progress(done + rows, total) })
            done += file.lines.count
            try progress(done, total)
        }
        if !missing.isEmpty {
            let staging = try StagedFolder(in: path, for: "import")
            for (file, flag) in zip(missing, isNormalized) {
                try staging.naming { () throws(Fault) in
                    let place = "\(staging.path)/\(file.part.fileName)"
                    try file.write(to: place, isNormalized: flag) { rows throws(Fault) in
                        try progress(done + rows, total)
                    }
                }
                done += file.lines.count
                try progress(done, total)
            }
            try staging.publish(missing.map(\.part.fileName))
        }
        for (file, flag) in zip(missing, isNormalized) {
            outcomes.append(
                .init(
                    part: file.part, path: path(of: file.part), count: file.count, views: file.views,
                    width: file.width,
                    type: file.type, isNormalized: flag, isReused: false))
        }
        let order = FeatureFile.Kind.allCases
        outcomes.sort { (order.firstIndex(of: $0.part) ?? 0) < (order.firstIndex(of: $1.part) ?? 0) }
        return ImportOutcome(files: outcomes, notes: importer.notes)
    }

    private func path(of part: FeatureFile.Kind) -> String { "\(path)/\(part.fileName)" }

    private func requireFolder() throws(Fault) {
        switch try FileKind.found(at: path) {
        case .absent, .folder: return
        case .file, .other:
            throw Fault(.cannotCreate, path, found: "a file", expected: "a folder", remedy: "choose another output")
        }
    }

    /// Returns the existing file if it was made from the same inputs; nil if it must be written.
    private func existing(_ imported: ImportedFile) throws(Fault) -> ImportOutcome.File? {
        let filePath = path(of: imported.part)
        guard try FileKind.found(at: filePath) != .absent else { return nil }
        let file: FeatureFile
        do throws(Fault) { file = try FeatureFile(path: filePath) } catch {
            // A failing disk does not mean that the file is damaged.
            guard error.status == .badData else { throw error }
            if replaces { return nil }
            throw Fault(
                .cannotCreate, filePath, found: error.found, expected: "features of the same import",
                remedy: "choose another output, or replace it with \(option: "replace")")
        }
        if let difference = try file.provenance().firstDifference(from: imported.provenance) {
            if replaces { return nil }
            throw Fault(
                .cannotCreate, filePath, found: "features made with \(difference.field) '\(difference.found)'",
                expected: "'\(difference.expected)' as requested",
                remedy: "choose another output, or replace it with \(option: "replace")")
        }
        // With --replace the bytes are verified: the record alone may describe a damaged file.
        if replaces, try !Verification(of: filePath).isSound { return nil }
        return .init(
            part: imported.part, path: filePath, count: file.count, views: file.views, width: file.width,
            type: file.type,
            isNormalized: file.isNormalized, isReused: true)
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
                if file.width != first.width {
                    ("features of width \(file.width)", "the width \(first.width)")
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
