internal import Core
internal import TensorFiles

/// Class names as users of arrays keep them.
enum ClassNames {
    /// Reads an array of strings in `.npy`, or what ``NameList`` reads.
    ///
    /// - Throws: `badData` for an empty list, an empty name, or a `.json` file of another form.
    static func read(_ path: String) throws(Fault) -> [String] {
        guard path.hasSuffix(".npy") else { return try NameList.read(path) }
        return try NameList.checked(try NpyFile.strings(path: path), path: path)
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
