internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Datasets
internal import Studies

/// What a study is about: flags, over a file of the same words.
struct StudyArguments: ParsableArguments {
    @Argument(help: "A YAML file of the whole study.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var matrix: String?

    @Option(help: "A feature folder to train from. May be repeated.", completion: .directory)
    var features: [String] = []

    @Option(help: "Methods, separated by commas, or 'all' (default: all).")
    var method: String?

    @Option(
        help:
            "Items of each class to train on, separated by commas, or 'all' for the train part as it stands (default: 1,2,4,8,16)."
    )
    var shots: String?

    @Option(help: "Seeds of the draws, as 1-3 or 1,5 (default: 1-3).")
    var seeds: String?

    @Option(help: "Only some classes: base, new, text (those with texts), names with commas, or a file of names.")
    var classes: String?

    @Option(
        help: "Evaluate finished adapters on another feature folder, or on the 'new' classes. May be repeated.",
        completion: .directory)
    var evaluate: [String] = []

    @Option(
        help:
            "The draw: coop, tip (train only; a small class is filled with repetition) or lpclip (CoOp's linear probe)."
    )
    var scheme: FewShotDraw.Scheme?

    @Option(name: .customLong("protocol"), help: "What epochs and settings are chosen on: val, fixed or paper.")
    var selection: SelectionProtocol?

    @Option(help: "Validate on min(K,4) items a class (few-shot) or on the whole val part (full).")
    var val: ValidationSize?

    @Flag(help: "Search the published grids instead of searching exactly.")
    var grid = false

    @Flag(help: "Keep the given settings: search nothing.")
    var noSearch = false

    @Flag(help: "Choose on validation among the settings that methods propose, too; a training each.")
    var tune = false

    @Option(help: "A .npy file [epochs, items] of positions in the draw, to replay a given run.", completion: .file())
    var batchOrder: String?

    @Option(help: "A .safetensors file of parameters by name where a training starts.", completion: .file())
    var initial: String?

    @Flag(help: "Go on where a class has fewer items than the shots ask for.")
    var allowFewer = false

    @Flag(help: "Train again where a run with other settings stands.")
    var replace = false

    @Flag(help: "Go on with the study of the output folder.")
    var resume = false

    @Option(
        name: [.short, .customLong("output")], help: "The folder that takes the runs (default: runs).",
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
            "batch_order": words(batchOrder), "initial": words(initial), "grid": words(grid ? "true" : nil),
            "tune": words(tune ? "true" : nil), "search": words(noSearch ? "false" : nil),
            "allow_fewer": words(allowFewer ? "true" : nil), "output": words(output),
        ])
        study.replaces = replace
        study.events.shouldStop = { Interruption.isRequested }
        return study
    }

    private func words(_ word: String?) -> [String] { word.map { [$0] } ?? [] }
}
