internal import CLIP
internal import Core
internal import FeatureStore
internal import Images
internal import Kernels
internal import Splits

/// The settings and inputs that decide the values of features; two builds with equal identities make equal files.
struct BuildIdentity {
    private let common: [String: String]
    private let images: [String: String]
    private let views: [String: String]
    private let samples: [String: String]
    private let weights: Input

    init(
        _ build: FeatureBuild, _ split: Split, _ model: CLIPModel, _ precision: Precision,
        _ preprocessing: Preprocessing
    ) throws(Fault) {
        let architecture = model.architecture
        common = [
            "dataset": split.dataset, "model": architecture.name, "dtype": build.type.rawValue,
            "precision": precision.word, "activation": architecture.activationName,
        ]
        images = [
            "size": "\(preprocessing.size)", "resize": preprocessing.resizeMode.rawValue,
            "interpolation": preprocessing.interpolation.rawValue, "passes": preprocessing.passes.rawValue,
            "mean": Self.list(preprocessing.mean), "std": Self.list(preprocessing.std),
        ]
        views =
            build.views == 0
            ? ["views": "0"]
            : [
                "views": "\(build.views)", "view seed": "\(build.viewSeed)",
                "augmentation": preprocessing.augmentation.rawValue,
            ]
        if let request = build.samples {
            samples = [
                "shots": Self.list(Set(request.shots).sorted()), "seeds": Self.list(Set(request.seeds).sorted()),
                "scheme": request.scheme.rawValue,
            ]
        } else {
            samples = [:]
        }
        self.weights = Input(
            role: "weights", name: lastComponent(of: model.path), digest: try model.contentDigest())
    }

    /// The provenance of a subset's features.
    func part(_ part: Subset, _ split: Split, isSelection: Bool) -> Provenance {
        var settings = common.merging(images) { $1 }
        if part == .train { settings.merge(views) { $1 } }
        if isSelection { settings.merge(samples) { $1 } }
        let items = Input(
            role: "split", name: part.rawValue, digest: split[part].digest(root: split.root, classes: split.classes))
        return Provenance(tool: "fewshot-features", inputs: [weights, items], settings: settings)
    }

    /// The provenance of the text features.
    func text(_ prompts: ClassPrompts, _ tokenizer: any TextTokenizer, truncates: Bool) -> Provenance {
        var settings = common
        settings["truncate"] = truncates ? "yes" : "no"
        return Provenance(
            tool: "fewshot-features",
            inputs: [
                weights, Input(role: "prompts", name: "prompts", digest: prompts.digest),
                Input(role: "vocabulary", name: "vocabulary", digest: tokenizer.digest),
            ], settings: settings)
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: ",")
    }
}
