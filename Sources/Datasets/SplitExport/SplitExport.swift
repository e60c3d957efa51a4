public import Core
public import Splits

/// A file format of others that holds a split, or speaks of one.
public enum SplitFormat: String, Sendable, Codable, CaseIterable {
    /// `split_zhou_*.json`, as CoOp's code writes it.
    case coop
    /// `shot_K-seed_S.json`, as cross_modal_adaptation writes it.
    case crossModal = "cross-modal"
    /// Croissant 1.1, a description of a data set in JSON-LD.
    case croissant
}

extension SplitFile {
    /// Publishes the split at `path` as CoOp's code would write it.
    ///
    /// - Throws: `cannotCreate` where another file is there and `replaces` is false.
    public func exportCoOp(to path: String, replaces: Bool) throws(Fault) -> SplitOutcome {
        let classes = split.classes
        var isNamed = [Bool](repeating: false, count: classes.count)
        for part in Subset.allCases { for label in split[part].labels { isNamed[Int(label)] = true } }
        // Its readers count the classes that items name.
        if let label = isNamed.firstIndex(of: false) {
            throw .badData(
                input.name, found: "no item of the class '\(classes[label])'",
                expected: "one of each class, as CoOp's file names classes in its items only",
                remedy: "leave the class out")
        }
        return try publishUnlessThere(path, replaces: replaces) { path throws(Fault) in try split.writeCoOp(to: path) }
    }
}

/// Publishes what `write` writes at `path`; a file with the same bytes there is left as it is.
///
/// - Throws: `cannotCreate` where another file is there and `replaces` is false.
func publishUnlessThere(
    _ path: String, replaces: Bool, write: (String) throws(Fault) -> Void
) throws(Fault) -> SplitOutcome {
    guard case .file(let size) = FileKind(at: path) else {
        try write(path)
        return .written
    }
    // Made beside the file that is there: only then can they be compared without holding either in memory.
    let candidate = path + ".candidate"
    defer { removeFile(candidate) }
    try write(candidate)
    let made = try MappedFile(path: candidate)
    if size == made.byteCount, Digest(of: try MappedFile(path: path).bytes) == Digest(of: made.bytes) { return .reused }
    guard replaces else {
        throw Fault(
            .cannotCreate, path, found: "a file with other content", expected: "the same export or nothing",
            remedy: "choose another output, or replace it with --replace")
    }
    try write(path)
    return .written
}
