/// The hand-written prompts of the published code, which agree for every data set but ImageNet.
extension TemplateSet {
    /// The one text that CoOp and Tip-Adapter use, as the sets `tip` and `coop`.
    static func published(_ text: String, tipAdapterFile file: String) -> [TemplateSet] {
        [tip([text], file: file), coop(text)]
    }

    static func tip(_ texts: [String], file: String) -> TemplateSet {
        TemplateSet(name: "tip", source: "gaopengcuhk/Tip-Adapter, datasets/\(file)", templates: texts)
    }

    static func coop(_ text: String) -> TemplateSet {
        TemplateSet(name: "coop", source: "KaiyangZhou/CoOp, trainers/zsclip.py", templates: [text])
    }

    /// Cluster-Adapter's texts for Stanford Cars, the fourth without a full stop as published.
    static let clusterCars = TemplateSet(
        name: "cluster", source: "Cluster-Adapter, templates of Stanford Cars",
        templates: [
            "a photo of a {}.", "this image is a {}.", "this car is a {}.", "this {} have four wheel",
            "a photo of a {}, a type of car.", "a photo of the small {}.", "a photo of the big {}.",
        ])
}
