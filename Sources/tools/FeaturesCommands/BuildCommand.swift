public import ArgumentParser
public import CLIP
internal import Command
internal import Core
internal import Extraction
public import FeatureStore
public import Images
internal import Kernels
public import Splits

/// Encodes the images and prompts of a split.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Encode a split's images and prompts with a CLIP model, without Python or GPU.",
        discussion: """
            Writes train.h5 (a plain view and --views random views per image), val.h5, test.h5 and text.h5. After a \
            kill, the same command continues, and the files have the same bytes. Existing files with the same settings \
            are reused. If a setting differs, the command names it and changes nothing without --extend or --replace; \
            neither encodes an unchanged image again after a correction of the split. Unreadable images are listed in \
            errors.tsv, and the command exits with 65 unless --skip-bad allows as many.
            """)

    @OptionGroup var options: BuildOptions
    @Flag(help: "Print the files that would be made, and make none.")
    var dryRun = false
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func run() throws {
        threads.apply()
        var build = try options.build()
        build.threads = threads.threads
        if dryRun {
            let summary = try build.summary()
            return result.print(summary, page: summary.page)
        }
        let outcome = try withBuildProgress { [build] events throws(Fault) in try build.run(events) }
        result.print(outcome, of: build)
    }
}

// Enumerations of the libraries as arguments.
extension Activation: ExpressibleByArgument {}
extension Preprocessing.Augmentation: ExpressibleByArgument {}
extension PassOrder: ExpressibleByArgument {}
extension FewShotSample.Scheme: ExpressibleByArgument {}
extension FeatureType: ExpressibleByArgument {}

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
        help: """
            quick_gelu (OpenAI's weights) or gelu; the weights do not show it. (default: from the model's \
            configuration)
            """)
    var activation: Activation?
    @Option(help: "The arithmetic: auto, f32 (exact) or bf16. auto is bf16 if the processor multiplies it.")
    var precision = PrecisionRequest.auto
    @Option(
        help: ArgumentHelp(
            """
            Template sets and prompt files, as tip+cupl.json, or a template, as 'a photo of a {}.'; may be given \
            repeatedly.
            """, valueName: "choice"))
    var prompts = ["tip"]
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
        help: """
            The order of the resizing passes: adaptive (Pillow 13 and later) or fixed (before). Pixels differ by \
            rounding only.
            """)
    var passes = PassOrder.adaptive
    @Option(
        help: ArgumentHelp(
            "Encode only few-shot samples with so many items per class, such as 16, 1,2,4,8,16 or 1-4.",
            valueName: "numbers"))
    var shots: String?
    @Option(help: ArgumentHelp("Seeds of the samples, such as 1-3 or 1,5.", valueName: "numbers"))
    var seeds = "1-3"
    @Option(help: "Few-shot sampling scheme: coop, tip, or lpclip.")
    var scheme = FewShotSample.Scheme.coop
    @Flag(help: "With --shots, if the split has no val items: also encode train items to validate on.")
    var valFromTrain = false
    @Option(help: ArgumentHelp("The data set of a CoOp split file whose name does not identify it.", valueName: "name"))
    var dataset: String?
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The feature folder to make.", valueName: "folder"),
        completion: .directory)
    var output: String
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
    @Flag(help: "Add views, prompts, samples and new or corrected items to existing features; encode only what is new.")
    var extend = false
    @Flag(help: "Overwrite existing or unfinished features with other settings.")
    var replace = false

    func validate() throws {
        guard shots != nil || !valFromTrain else {
            throw ValidationError("--val-from-train goes with --shots: without it, all train items are encoded")
        }
    }

    func build() throws(Fault) -> FeatureBuild {
        var build = FeatureBuild(split: split, root: root, model: model, output: output)
        build.dataset = dataset
        build.prompts = prompts
        build.vocabulary = vocabulary
        build.activation = activation
        build.precision = precision
        build.views = views
        build.viewSeed = viewSeed
        build.augmentation = augmentation
        build.passes = passes
        build.type = dtype
        build.truncates = truncate
        build.maximumSkipped = skipBad
        build.samples = try shots.map { shots throws(Fault) in
            var request = SampleRequest(
                shots: try parseNumbers(shots, of: "shots"), seeds: try parseNumbers(seeds, of: "seeds"),
                scheme: scheme)
            request.takesValFromTrain = valFromTrain
            return request
        }
        build.memory = maxMemory?.count
        build.extends = extend
        build.replaces = replace
        return build
    }
}
