/// Prompt templates for any class: texts in which `{}` stands for the class name.
public struct TemplateSet: Hashable, Sendable {
    /// The name that `--prompts` takes: `tip`, `coop`, `imagenet7`, `imagenet80`.
    public let name: String
    /// Increased when a template changes, so that features of different versions are told apart.
    public let version: Int
    /// The published file that the templates are from.
    public let source: String
    /// The templates, in the published order.
    public let templates: [String]

    /// A template set from its name, version, source and templates.
    public init(name: String, version: Int = 1, source: String, templates: [String]) {
        self.name = name
        self.version = version
        self.source = source
        self.templates = templates
    }

    /// Returns the prompts of one class; underscores in its name become spaces, as in the published code.
    public func prompts(for className: String) -> [String] {
        let name = className.replacing("_", with: " ")
        return templates.map { $0.replacing("{}", with: name) }
    }
}
