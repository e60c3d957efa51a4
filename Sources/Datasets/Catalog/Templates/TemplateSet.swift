/// Prompt templates for any class: texts in which `{}` stands for the class name.
public struct TemplateSet: Hashable, Sendable {
    /// The name in a prompt choice: `tip`, `coop`, `imagenet7`, `imagenet80`.
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

/// The hand-written templates of the published code, which agree for every data set except ImageNet.
extension TemplateSet {
    /// The sets `tip` and `coop` of a data set for which Tip-Adapter and CoOp use the same template.
    static func published(_ text: String, tipAdapterFile file: String) -> [TemplateSet] {
        [tip([text], file: file), coop(text)]
    }

    static func tip(_ texts: [String], file: String) -> TemplateSet {
        TemplateSet(name: "tip", source: "gaopengcuhk/Tip-Adapter, datasets/\(file)", templates: texts)
    }

    static func coop(_ text: String) -> TemplateSet {
        TemplateSet(name: "coop", source: "KaiyangZhou/CoOp, trainers/zsclip.py", templates: [text])
    }

    /// Cluster-Adapter's templates for Stanford Cars; the fourth has no period, as published.
    static let clusterCars = TemplateSet(
        name: "cluster", source: "Cluster-Adapter, templates of Stanford Cars",
        templates: [
            "a photo of a {}.", "this image is a {}.", "this car is a {}.", "this {} have four wheel",
            "a photo of a {}, a type of car.", "a photo of the small {}.", "a photo of the big {}.",
        ])
}
