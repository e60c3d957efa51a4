internal import ArgumentParser
internal import CLIP
internal import Command
internal import Core
internal import Extraction
internal import FeatureStore
internal import Images
internal import Kernels
internal import Splits

/// The settings and the output folder of a build.
struct BuildOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The split file, of this project's format or CoOp's.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var split: String
    @Option(
        help: ArgumentHelp("The data root, which contains the data set's folder.", valueName: "folder"),
        completion: .directory)
    var root: String
    @OptionGroup var model: ModelArguments
    @Option(
        help: ArgumentHelp(
            "Template sets and prompt files: tip, imagenet80, own.txt; several with +, as tip+cupl.json.",
            valueName: "choice"))
    var prompts = "tip"
    @OptionGroup var views: ViewArguments
    @OptionGroup var samples: SampleArguments
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The feature folder to make.", valueName: "folder"),
        completion: .directory)
    var output: String
    @OptionGroup var work: WorkArguments

    func build() throws(Fault) -> FeatureBuild {
        var settings = FeatureSettings(split: split, root: root, model: model.model)
        settings.dataset = samples.dataset
        settings.prompts = [prompts]
        settings.vocabulary = model.vocabulary
        settings.activation = model.activation
        settings.precision = model.precision
        settings.views = views.views
        settings.viewSeed = views.viewSeed
        settings.augmentation = views.augmentation
        settings.passes = views.passes
        settings.type = work.dtype
        settings.truncates = work.truncate
        settings.maximumSkipped = work.skipBad
        settings.samples = try samples.request()
        var build = FeatureBuild(settings, output: output)
        build.memory = work.maxMemory?.count
        build.extends = work.extend
        build.replaces = work.replace
        return build
    }
}

/// The encoder.
struct ModelArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The weights: a folder from open_clip or transformers, a .safetensors file, or a .pt file from OpenAI.",
            valueName: "path"), completion: .directory)
    var model: String
    @Option(
        help: ArgumentHelp(
            "merges.txt, tokenizer.json or bpe_simple_vocab_16e6.txt.gz. (default: beside the weights)",
            valueName: "path"),
        completion: .file())
    var vocabulary: String?
    @Option(
        help:
            "quick_gelu (OpenAI's weights) or gelu; the weights do not show it. (default: from the model's configuration)"
    )
    var activation: Activation?
    @Option(help: "The arithmetic: auto, f32 (exact) or bf16. auto is bf16 if the processor multiplies it.")
    var precision = PrecisionRequest.auto
}

/// The views of an image.
struct ViewArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Random views per train image, besides the plain view.", valueName: "n"))
    var views = 10
    @Option(help: ArgumentHelp("The seed of the random views.", valueName: "seed"))
    var viewSeed: UInt64 = 1
    @Option(
        help:
            "Random crops: tip (at least half of the area, as in Tip-Adapter) or dassl (at least 8 %, as in CoOp)."
    )
    var augmentation = Preprocessing.Augmentation.tip
    @Option(
        help:
            "The order of the resizing passes: adaptive (Pillow 13 and later) or fixed (before). Pixels differ by rounding only."
    )
    var passes = PassOrder.adaptive
}

/// The items to encode.
struct SampleArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Encode only few-shot samples with so many items per class, such as 16 or 1,2,4,8,16.", valueName: "numbers"
        ))
    var shots: String?
    @Option(help: ArgumentHelp("Seeds of the samples, such as 1-3 or 1,5.", valueName: "numbers"))
    var seeds = "1-3"
    @Option(help: "Few-shot sampling scheme: coop, tip, or lpclip.")
    var scheme = FewShotSample.Scheme.coop
    @Option(help: ArgumentHelp("The data set of a CoOp split file whose name does not identify it.", valueName: "name"))
    var dataset: String?

    func request() throws(Fault) -> SampleRequest? {
        guard let shots else { return nil }
        return SampleRequest(
            shots: try parseNumbers(shots, of: "shots"), seeds: try parseNumbers(seeds, of: "seeds"),
            scheme: scheme)
    }
}

/// The format of the files, and the limits of the work.
struct WorkArguments: ParsableArguments {
    @Option(help: "Store float16 or float32 values.")
    var dtype = FeatureType.float16
    @Option(
        help: ArgumentHelp(
            "Memory limit, such as 800M or 4G. (default: half of the machine's memory)", valueName: "size"))
    var maxMemory: ByteCount?
    @Option(help: ArgumentHelp("Leave out up to n unreadable images.", valueName: "n"))
    var skipBad = 0
    @Flag(help: "Truncate prompts that exceed the model's context; otherwise they are an error.")
    var truncate = false
    @Flag(help: "Add views, prompts or samples to existing features, without encoding those again.")
    var extend = false
    @Flag(help: "Overwrite existing or unfinished features with other settings.")
    var replace = false
}
