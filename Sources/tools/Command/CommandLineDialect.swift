internal import Core

/// The words of the command-line tools: options are flags, actions are commands.
struct CommandLineDialect: FaultDialect {
    func words(for option: OptionName) -> String { "--" + option.name.replacing("_", with: "-") }

    func words(for action: Action) -> String {
        switch action {
        case .importFeatures: "run 'fewshot-features import'"
        case .importFolder: "use 'import folder'"
        case .importList: "use 'import list'"
        case .showDataset(let name): "see 'fewshot-split list \(name)'"
        case .addSamples: "add it with 'fewshot-features build --shots ... --seeds ... --extend'"
        case .verifyFeatures: "check the features with 'fewshot-features verify'"
        case .unpack(let folder): "run 'fewshot-features unpack \(shellWord(folder))'"
        case .planShards: "make the plan again with 'fewshot-features plan'"
        case .runShards: "make it again with 'fewshot-features worker'"
        case .showShards(let plan): "see 'fewshot-features status \(shellWord(plan))'"
        case .remakeShards(let plan):
            "run 'fewshot-features status \(shellWord(plan))' and the workers of the shards it names"
        case .runWorker(let shards, let plan):
            "run 'fewshot-features worker \(shellWord(plan)) --shard \(shards)'"
        case .checkSplit(let split, let root):
            "see 'fewshot-split check \(shellWord(split)) --root \(shellWord(root))'"
        case .listDatasets: "see 'fewshot-split list'"
        case .importSplit: "import your own with 'fewshot-split import'"
        case .showClasses: "see them with 'fewshot-split show'"
        case .listTemplates: "list them with 'fewshot-split show prompts'"
        }
    }
}
