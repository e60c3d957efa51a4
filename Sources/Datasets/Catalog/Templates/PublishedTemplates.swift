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
