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
        samples =
            build.samples.map { request in
                let val = request.takesValFromTrain && split.val.isEmpty ? ["val": "from train"] : [:]
                return [
                    "shots": Self.list(Set(request.shots).sorted()), "seeds": Self.list(Set(request.seeds).sorted()),
                    "scheme": request.scheme.rawValue,
                ].merging(val) { $1 }
            } ?? [:]
        weights = Input(role: "weights", name: lastComponent(of: model.path), digest: try model.contentDigest())
    }

    func subset(_ subset: Subset, _ split: Split, isSelection: Bool) -> Provenance {
        var settings = common.merging(images) { $1 }
        if subset == .train { settings.merge(views) { $1 } }
        if isSelection { settings.merge(samples) { $1 } }
        let digest = split[subset].digest(root: split.root, classes: split.classes)
        return Provenance(
            tool: "fewshot-features",
            inputs: [weights, Input(role: "split", name: subset.rawValue, digest: digest)], settings: settings)
    }

    func text(_ prompts: ClassPrompts, _ tokenizer: any TextTokenizer, truncates: Bool) -> Provenance {
        Provenance(
            tool: "fewshot-features",
            inputs: [
                weights, Input(role: "prompts", name: "prompts", digest: prompts.digest),
                Input(role: "vocabulary", name: "vocabulary", digest: tokenizer.digest),
            ], settings: common.merging(["truncate": truncates ? "yes" : "no"]) { $1 })
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: ",")
    }
}
