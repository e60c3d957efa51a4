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
}

extension SplitFile {
    /// Publishes the split at `path` as CoOp's code writes it.
    ///
    /// - Throws: `cannotCreate` if a different file exists and `replaces` is false, `badData` for an empty class.
    public func exportCoOp(to path: String, replaces: Bool) throws(Fault) -> SplitOutcome {
        let classes = split.classes
        var isNamed = [Bool](repeating: false, count: classes.count)
        for subset in Subset.allCases { for label in split[subset].labels { isNamed[Int(label)] = true } }
        // The format has class names in items only, and its readers count them.
        if let label = isNamed.firstIndex(of: false) {
            throw .badData(
                input.name, found: "no item of the class '\(classes[label])'",
                expected: "items of every class, because CoOp's format has class names in items only",
                remedy: "remove the class")
        }
        return try publishUnlessReusable(path, replaces: replaces) { path throws(Fault) in try split.writeCoOp(to: path)
        }
    }
}

/// Publishes the output of `write` at `path`, or reuses a file there with the same bytes.
///
/// - Throws: `cannotCreate` if a different file exists and `replaces` is false.
func publishUnlessReusable(
    _ path: String, replaces: Bool, write: (String) throws(Fault) -> Void
) throws(Fault) -> SplitOutcome {
    guard case .file(let size) = FileKind(at: path) else {
        try write(path)
        return .written
    }
    // Written beside the existing file, so that they can be compared without reading either into memory.
    let candidate = path + ".candidate"
    defer { removeFile(candidate) }
    try write(candidate)
    let made = try MappedFile(path: candidate)
    if size == made.byteCount, Digest(of: try MappedFile(path: path).bytes) == Digest(of: made.bytes) { return .reused }
    guard replaces else {
        throw Fault(
            .cannotCreate, path, found: "a file with different content", expected: "the same export or no file",
            remedy: "choose another output, or replace the file with --replace")
    }
    try write(path)
    return .written
}
