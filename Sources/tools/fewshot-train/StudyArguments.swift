internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Splits
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

    @Option(help: "Seeds of the few-shot samples, as 1-3 or 1,5 (default: 1-3).")
    var seeds: String?

    @Option(help: "Only some classes: base, new, text (those with texts), names with commas, or a file of names.")
    var classes: String?

    @Option(
        help: "Evaluate finished adapters on another feature folder, or on the 'new' classes. May be repeated.",
        completion: .directory)
    var evaluate: [String] = []

    @Option(
        help:
            "Few-shot sampling scheme: coop, tip (train only; repeats items of small classes) or lpclip (CoOp's linear probe)."
    )
    var scheme: FewShotSample.Scheme?

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

    @Option(help: "A .npy file [epochs, items] of positions in the sample, to replay a given run.", completion: .file())
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

    /// The defaults, under what the file says, under what the flags say.
    func study() throws -> Study {
        var study = Study(features: [], output: "runs", methods: methods)
        if resume { try StudyFile.resume(output ?? "runs").lay(over: &study) }
        if let matrix { try StudyFile(path: matrix).lay(over: &study) }
        if !features.isEmpty { study.features = features }
        guard !study.features.isEmpty else {
            throw ValidationError("--features: found none, expected a feature folder, or a study file that names one")
        }
        if let method { study.methods = try methods(named: method) }
        try settings.lay(over: &study)
        if let shots { study.shots = try Shots.list(shots) }
        if let seeds { study.seeds = try parseNumbers(seeds, of: "--seeds") }
        if let classes { study.classes = try ClassFilter(classes) }
        if !evaluate.isEmpty { study.evaluations = evaluate.map { EvaluationTarget($0) } }
        study.scheme = scheme ?? study.scheme
        study.selection = selection ?? study.selection
        if let val { study.usesWholeValidation = val == .full }
        study.batchOrder = batchOrder ?? study.batchOrder
        study.initialParameters = initial ?? study.initialParameters
        study.usesGrid = study.usesGrid || grid
        study.tunes = study.tunes || tune
        study.searches = study.searches && !noSearch
        study.allowsFewer = study.allowsFewer || allowFewer
        study.replaces = replace
        study.output = output ?? study.output
        study.events.shouldStop = { Interruption.isRequested }
        return study
    }
}
