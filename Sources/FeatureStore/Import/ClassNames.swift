internal import Artifacts
internal import Foundation
internal import TensorFiles

/// Class names and prompts as users keep them.
enum ClassNames {
    /// Reads a JSON list, an array of strings in `.npy`, or a text file with one name a line.
    ///
    /// - Throws: `badData` for an empty list, an empty name, or a `.json` file of another form.
    static func read(_ path: String) throws(Fault) -> [String] {
        let names: [String]
        if path.hasSuffix(".npy") {
            names = try NpyFile.strings(path: path)
        } else if path.hasSuffix(".json") {
            names = try JSONDocument.read([String].self, from: path, expected: "a list of class names")
        } else {
            names = try lines(path)
        }
        guard !names.isEmpty, !names.contains("") else {
            throw .badData(
                path,
                found: names.isEmpty ? "no class name" : "an empty name for class \(names.firstIndex(of: "") ?? 0)",
                expected: "a name for each class", remedy: "correct the file")
        }
        return names
    }

    private static func lines(_ path: String) throws(Fault) -> [String] {
        let file = try MappedFile(path: path)
        let bytes = file.bytes
        let decoded = unsafe bytes.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
        guard let text = decoded, !text.contains("\0") else {
            throw .badData(path, found: "bytes that are no UTF-8 text", expected: "one class name a line")
        }
        // A carriage return and its newline are one character here.
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            String($0).trimmingCharacters(in: CharacterSet.whitespaces)
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// A prompt file: the same P templates for every class, or P prompts of each class.
enum PromptList: Decodable {
    case templates([String])
    case prompts([[String]])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do { self = .templates(try container.decode([String].self)) } catch {
            self = .prompts(try container.decode([[String]].self))
        }
    }

    /// The prompts of each class [C×P], with the class's name for `{}` as the encoder was given it.
    func filled(_ classes: [String], promptCount: Int, path: String) throws(Fault) -> [[String]] {
        let lists: [[String]]
        switch self {
        case .templates(let templates):
            lists = classes.map { name in
                templates.map { $0.replacing("{}", with: name.replacing("_", with: " ")) }
            }
        case .prompts(let prompts): lists = prompts
        }
        guard lists.count == classes.count else {
            throw .badData(
                path, found: "prompts of \(lists.count) classes", expected: "those of \(classes.count)",
                remedy: "correct the file")
        }
        for (name, list) in zip(classes, lists) where list.count != promptCount {
            throw .badData(
                path, found: "\(list.count) prompts of class '\(name)'",
                expected: "\(promptCount) as in the text features",
                remedy: "correct the file")
        }
        return lists
    }
}
