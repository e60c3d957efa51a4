/// Prompts for any class: texts in which `{}` stands for the class's name.
public struct TemplateSet: Hashable, Sendable {
    /// As `--prompts` names it: `tip`, `coop`, `imagenet7`, `imagenet80`.
    public let name: String
    /// Raised when a text changes, so that features made with another version are told apart.
    public let version: Int
    /// The published file that the texts are from.
    public let source: String
    public let templates: [String]

    public init(name: String, version: Int = 1, source: String, templates: [String]) {
        (self.name, self.version, self.source, self.templates) = (name, version, source, templates)
    }

    /// The prompts of one class; underscores in its name become spaces, as in the published code.
    public func prompts(for className: String) -> [String] {
        let name = className.replacing("_", with: " ")
        return templates.map { $0.replacing("{}", with: name) }
    }
}
