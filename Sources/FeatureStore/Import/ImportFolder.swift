internal import Core

/// A feature folder that an import fills: all files appear together, after every one of them is complete.
struct ImportFolder {
    let path: String
    let replaces: Bool

    /// Makes what is not there yet of `files`.
    ///
    /// - Throws: `cannotCreate` where a file made otherwise is in the way, `badData` for rows that cannot be used;
    ///   what was there is unchanged then.
    func make(_ files: [PlannedFile], _ importer: Importer, _ progress: Progress) throws(Fault) -> ImportOutcome {
        try requireRoom()
        try requireAgreement(files)
        var made: [ImportOutcome.File] = []
        var missing: [PlannedFile] = []
        for file in files {
            if let found = try existing(file) { made.append(found) } else { missing.append(file) }
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
            made.append(
                .init(
                    part: file.part, path: place(of: file.part), count: file.count, views: file.views,
                    width: file.width,
                    type: file.type, isNormalized: flag, isReused: false))
        }
        let order = Part.allCases
        made.sort { (order.firstIndex(of: $0.part) ?? 0) < (order.firstIndex(of: $1.part) ?? 0) }
        return ImportOutcome(files: made, notes: importer.notes)
    }

    private func place(of part: Part) -> String { "\(path)/\(part.fileName)" }

    private func requireRoom() throws(Fault) {
        switch try FileKind.found(at: path) {
        case .absent, .folder: return
        case .file, .other:
            throw Fault(.cannotCreate, path, found: "a file", expected: "a folder", remedy: "choose another output")
        }
    }

    /// The file that is there, if it was made from the same inputs; nil if it is to be made.
    private func existing(_ planned: PlannedFile) throws(Fault) -> ImportOutcome.File? {
        let place = place(of: planned.part)
        guard try FileKind.found(at: place) != .absent else { return nil }
        let file: FeatureFile
        do throws(Fault) { file = try FeatureFile(path: place) } catch {
            // A disk that fails says nothing of the file, which may be as good as ever.
            guard error.status == .badData else { throw error }
            if replaces { return nil }
            throw Fault(
                .cannotCreate, place, found: error.found, expected: "features of the same import",
                remedy: "choose another output, or replace it with --replace")
        }
        if let difference = try file.provenance().firstDifference(from: planned.provenance) {
            if replaces { return nil }
            throw Fault(
                .cannotCreate, place, found: "features made with \(difference.field) '\(difference.found)'",
                expected: "'\(difference.expected)' as now asked for",
                remedy: "choose another output, or replace it with --replace")
        }
        // Who asks for new features may have found these damaged: bytes decide, not the record.
        if replaces, try !Verification(of: place).isSound { return nil }
        return .init(
            part: planned.part, path: place, count: file.count, views: file.views, width: file.width, type: file.type,
            isNormalized: file.isNormalized, isReused: true)
    }

    /// Makes sure that parts which stay are of the same classes, width and model.
    private func requireAgreement(_ files: [PlannedFile]) throws(Fault) {
        guard let first = files.first else { return }
        for part in Part.allCases where !files.contains(where: { $0.part == part }) {
            let place = place(of: part)
            guard try FileKind.found(at: place) != .absent else { continue }
            let file = try FeatureFile(path: place)
            let model = first.provenance.settings["model"]
            let theirs = try file.provenance().settings["model"]
            let difference: (String, String)? =
                if file.width != first.width {
                    ("features \(file.width) wide", "\(first.width)")
                } else if file.classes != first.classes {
                    ("other classes", "those")
                } else if let model, let theirs, model != theirs {
                    ("the model '\(theirs)'", "'\(model)'")
                } else { nil }
            guard let difference else { continue }
            throw Fault(
                .cannotCreate, place, found: difference.0, expected: "\(difference.1) of the features to import",
                remedy: "choose another output, or remove this file")
        }
    }
}
