internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Splits
internal import Studies

/// The options of a study: flags, which take precedence over a file with the same names.
struct StudyArguments: ParsableArguments {
    @Argument(help: "A YAML file of the whole study.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var matrix: String?

    @Option(help: "A feature folder to train from. May be repeated.", completion: .directory)
    var features: [String] = []

    @Option(
        name: [.long, .customLong("methods")], help: "Methods, separated by commas, or 'all' (default: all).",
        completion: .list(methods.map { $0.name } + ["all"]))
    var method: String?

    @Option(
        help: """
            Training items per class, such as 1,2,4 or 1-4, or 'all' for the whole train subset (default: 1,2,4,8,16).
            """
    )
    var shots: String?

    @Option(help: "Seeds of the samples, such as 1-3 or 1,5 (default: 1-3).")
    var seeds: String?

    @Option(help: "Only some classes: base, new, text (with text features), names with commas, or a file of names.")
    var classes: String?

    @Option(
        help: "Also evaluate the adapters on another feature folder, or on the 'new' classes. May be repeated.",
        completion: .directory)
    var evaluate: [String] = []

    @Option(
        help: """
            Sampling scheme: coop, tip (train only; items of small classes are repeated) or lpclip (CoOp's linear \
            probe).
            """)
    var scheme: FewShotSample.Scheme?

    @Option(
        name: .customLong("protocol"),
        help: "The data to choose epochs and settings on: val, fixed (none) or paper (as published, in part on test).")
    var selection: SelectionProtocol?

    @Option(help: "Validate on min(K,4) items per class (few-shot) or on the whole val subset (full).")
    var val: ValidationSize?

    @Flag(help: "Where there is no val subset, validate on other train items than those of the sample.")
    var valFromTrain = false

    @Flag(help: "Search the published grids instead of the exact optimum.")
    var grid = false

    @Flag(help: "Keep the given settings instead of searching them.")
    var noSearch = false

    @Flag(help: "Also compare the settings that methods propose, on validation; one training each.")
    var tune = false

    @Option(help: "A .npy file [epochs, items] of positions in the sample, to replay a given run.", completion: .file())
    var batchOrder: String?

    @Option(help: "A .safetensors file of initial parameters by name.", completion: .file())
    var initial: String?

    @Flag(help: "Allow classes with fewer items than --shots.")
    var allowFewer = false

    @Flag(help: "Overwrite existing runs with other settings.")
    var replace = false

    @Flag(help: "Continue the unfinished study of the output folder.")
    var resume = false

    @Option(
        name: [.short, .customLong("output")], help: "The folder for the runs (default: runs).",
        completion: .directory)
    var output: String?

    @OptionGroup var settings: SettingOptions

    /// The defaults, replaced by the values of the file, and then by those of the flags.
    func study() throws -> Study {
        var study = Study()
        if resume { try StudyFile.resume(output ?? study.output).lay(over: &study) }
        if let matrix { try StudyFile(path: matrix).lay(over: &study) }
        try study.set(["features": features, "methods": words(method)])
        guard !study.features.isEmpty else {
            throw ValidationError("--features: found none, expected a feature folder, or a study file that names one")
        }
        // The settings are read for the chosen methods, and the flags below take precedence.
        try settings.lay(over: &study)
        try study.set([
            "shots": words(shots), "seeds": words(seeds), "classes": words(classes), "evaluate": evaluate,
            "scheme": words(scheme?.rawValue), "protocol": words(selection?.rawValue), "val": words(val?.rawValue),
            "val_from_train": words(valFromTrain ? "true" : nil), "batch_order": words(batchOrder),
            "initial": words(initial), "grid": words(grid ? "true" : nil),
            "tune": words(tune ? "true" : nil), "search": words(noSearch ? "false" : nil),
            "allow_fewer": words(allowFewer ? "true" : nil), "output": words(output),
        ])
        study.replaces = replace
        study.events.shouldStop = { Interruption.isRequested }
        return study
    }

    /// Whether the study is only named by its output folder.
    var isOutputAlone: Bool { matrix == nil && features.isEmpty && !resume }

    private func words(_ word: String?) -> [String] { word.map { [$0] } ?? [] }
}
