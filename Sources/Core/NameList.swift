internal import Foundation

/// A list of class names in a file of its own.
public enum NameList {
    /// Reads a JSON list (`.json`), or a text file with one name per line.
    ///
    /// - Throws: `badData` for an empty list, an empty name, or a `.json` file with another structure.
    public static func read(_ path: String) throws(Fault) -> [String] {
        let names =
            path.hasSuffix(".json")
            ? try JSONDocument.read([String].self, from: path, expected: "a list of class names") : try lines(path)
        return try checked(names, path: path)
    }

    /// Returns `names` unless the list or one of its names is empty.
    package static func checked(_ names: [String], path: String) throws(Fault) -> [String] {
        guard !names.isEmpty, !names.contains("") else {
            throw .badData(
                path,
                found: names.isEmpty ? "no class name" : "an empty name for class \(names.firstIndex(of: "") ?? 0)",
                expected: "one name per class", remedy: "correct the file")
        }
        return names
    }

    private static func lines(_ path: String) throws(Fault) -> [String] {
        let bytes = try fileBytes(path)
        guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else {
            throw .otherContent(
                path, bytes.span, found: "bytes that are not UTF-8 text", expected: "one class name per line",
                remedy: "name a text file or a JSON list")
        }
        // A carriage return and its newline are one `Character`.
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}
