internal import Core

/// A prompt file: P templates for all classes, or P prompts per class.
enum PromptList: Decodable {
    case templates([String])
    case prompts([[String]])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do { self = .templates(try container.decode([String].self)) } catch {
            self = .prompts(try container.decode([[String]].self))
        }
    }

    /// Returns the prompts of each class [C×P], with the class name in place of `{}`.
    func filled(_ classes: [String], promptCount: Int, path: String) throws(Fault) -> [[String]] {
        let lists =
            switch self {
            case .templates(let templates):
                classes.map { name in templates.map { $0.replacing("{}", with: name.replacing("_", with: " ")) } }
            case .prompts(let prompts): prompts
            }
        guard lists.count == classes.count else {
            throw .badData(
                path, found: "prompts of \(lists.count) classes", expected: "prompts of \(classes.count) classes",
                remedy: "correct the file")
        }
        for (name, list) in zip(classes, lists) where list.count != promptCount {
            throw .badData(
                path, found: "\(list.count) prompts of class '\(name)'",
                expected: "\(promptCount) as in the text features", remedy: "correct the file")
        }
        return lists
    }
}
