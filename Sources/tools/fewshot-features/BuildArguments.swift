internal import ArgumentParser
internal import CLIP
internal import Command
internal import Core
internal import Datasets
internal import Extraction
internal import FeatureStore
internal import Images

/// What decides the features, and where they go.
struct BuildOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The split, ours or CoOp's.", valueName: "file"), completion: .file(extensions: ["json"]))
    var split: String
    @Option(
        help: ArgumentHelp("The data root, in which the data set's folder lies.", valueName: "folder"),
        completion: .directory)
    var root: String
    @OptionGroup var model: ModelArguments
    @Option(
        help: ArgumentHelp(
            "Template sets and files, joined by '+': tip, imagenet80, own.txt, tip+cupl.json.", valueName: "choice"))
    var prompts = "tip"
    @OptionGroup var views: ViewArguments
    @OptionGroup var draws: DrawArguments
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The feature folder to make.", valueName: "folder"),
        completion: .directory)
    var output: String
    @OptionGroup var work: WorkArguments

    func build() throws(Fault) -> FeatureBuild {
        var settings = FeatureSettings(split: split, root: root, model: model.model)
        settings.dataset = draws.dataset
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
        settings.draws = try draws.request()
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
            "The weights: a folder of open_clip's or transformers', a .safetensors file, or OpenAI's .pt.",
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
            "quick_gelu (OpenAI's weights) or gelu; the weights do not show it. (default: as the model's configuration says)"
    )
    var activation: Activation?
    @Option(help: "auto takes bf16 where the processor has it; f32 is exact.")
    var precision = PrecisionRequest.auto
}

/// What is seen of an image.
struct ViewArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Random views of each train image, beside the plain one.", valueName: "n"))
    var views = 10
    @Option(help: ArgumentHelp("The seed of the random views.", valueName: "seed"))
    var viewSeed: UInt64 = 1
    @Option(
        help:
            "Whose random crops: tip (at least half of the area; Tip-Adapter and what follows it) or dassl (at least 0.08; CoOp and what follows it)."
    )
    var augmentation = Preprocessing.Augmentation.tip
    @Option(
        help:
            "The order of resizing: adaptive, as Pillow from version 13 on, or fixed, as Pillow before. Pixels differ by a rounding."
    )
    var passes = PassOrder.adaptive
}

/// Which items.
struct DrawArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only the items of these draws: items a class, as 16 or 1,2,4,8,16.", valueName: "numbers"))
    var shots: String?
    @Option(help: ArgumentHelp("The seeds of these draws, as 1-3 or 1,5.", valueName: "numbers"))
    var seeds = "1-3"
    @Option(help: "The rule of these draws: coop, tip or lpclip.")
    var scheme = FewShotDraw.Scheme.coop
    @Option(help: ArgumentHelp("Whose split CoOp's file is, where its name does not say.", valueName: "name"))
    var dataset: String?

    func request() throws(Fault) -> DrawRequest? {
        guard let shots else { return nil }
        return DrawRequest(
            shots: try parseNumbers(shots, of: "shots"), seeds: try parseNumbers(seeds, of: "seeds"),
            scheme: scheme)
    }
}

/// How the work is done.
struct WorkArguments: ParsableArguments {
    @Option(help: "Store float16 or float32 values.")
    var dtype = FeatureType.float16
    @Option(help: ArgumentHelp("Memory to use, as 800M or 4G. (default: half of the machine's)", valueName: "size"))
    var maxMemory: ByteCount?
    @Option(help: ArgumentHelp("Go on without up to n images that cannot be read.", valueName: "n"))
    var skipBad = 0
    @Flag(help: "Cut prompts that are longer than the model's context; else they are an error.")
    var truncate = false
    @Flag(help: "Add views, prompts or draws to the features that are there, without encoding those again.")
    var extend = false
    @Flag(help: "Make features anew where others stand, or others were begun.")
    var replace = false
}
