public import Core
public import Splits

/// A file format of another project for splits.
public enum SplitFormat: String, Sendable, Codable, CaseIterable {
    /// CoOp's `split_zhou_*.json`.
    case coop
    /// cross_modal_adaptation's `shot_K-seed_S.json`.
    case crossModal = "cross-modal"
    /// Croissant 1.1, a JSON-LD description of a data set.
    case croissant
    /// A CSV table with the columns path, label, class and subset.
    case csv
}

extension SplitFile {
    /// Publishes the split at `path` as CoOp's code writes it.
    ///
    /// - Throws: `cannotCreate` if a different file exists and `replaces` is false, `badData` for an empty class.
    public func exportCoOp(to path: String, replaces: Bool) throws(Fault) -> SplitOutcome {
        try checkClasses(of: "CoOp's format")
        return try publishUnlessReusable(path, replaces: replaces) { path throws(Fault) in
            try split.writeCoOp(to: path)
        }
    }

    /// Checks that every class has items in a format that has class names in items only.
    func checkClasses(of format: String) throws(Fault) {
        let named = Set(Subset.allCases.flatMap { split[$0].labels })
        if let label = split.classes.indices.first(where: { !named.contains(Int32($0)) }) {
            throw .badData(
                input.name, found: "no item of the class '\(split.classes[label])'",
                expected: "items of every class, because \(format) has class names in items only",
                remedy: "remove the class")
        }
    }
}

extension Split {
    /// Writes the split as CoOp's code does: `json.dump` with an indent of four.
    ///
    /// Source: `OxfordPets.save_split` and Dassl's `write_json`.
    package func writeCoOp(to path: String) throws(Fault) {
        try validate(path)
        let names = classes.map { name in
            var bytes: [UInt8] = []
            JSONText.appendASCII(name.utf8, to: &bytes)
            return bytes
        }
        var file = try TextPieces(path)
        for subset in Subset.allCases {
            let items = self[subset]
            file.add("\(subset == .train ? "{" : ",")\n    \"\(subset.rawValue)\": [")
            for row in items.indices {
                var line = Array("\(row == 0 ? "" : ",")\n        [\n            ".utf8)
                JSONText.appendASCII(items.pathBytes(row), to: &line)
                line += ",\n            \(items.labels[row]),\n            ".utf8
                line += names[Int(items.labels[row])]
                line += "\n        ]".utf8
                file.add(line)
                try file.drain()
            }
            file.add(items.isEmpty ? "]" : "\n    ]")
        }
        file.add("\n}")
        try file.publish()
    }
}

/// Publishes the output of `write` at `path`, or reuses a file there with the same bytes.
///
/// - Throws: `cannotCreate` if a different file exists and `replaces` is false.
func publishUnlessReusable(
    _ path: String, replaces: Bool, write: (String) throws(Fault) -> Void
) throws(Fault) -> SplitOutcome {
    if case .file(let size) = FileKind(at: path) {
        // Written beside the existing file, so that they can be compared without reading either into memory.
        let candidate = path + ".candidate"
        defer { removeFile(candidate) }
        try write(candidate)
        let made = try MappedFile(path: candidate)
        if size == made.byteCount {
            let existing = try MappedFile(path: path, anyContent: true)
            if Digest(of: existing.bytes) == Digest(of: made.bytes) { return .reused }
        }
        guard replaces else {
            throw Fault(
                .cannotCreate, path, found: "a file with different content", expected: "the same export or no file",
                remedy: "choose another output, or replace the file with \(option: "replace")")
        }
    }
    try write(path)
    return .written
}
