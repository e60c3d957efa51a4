internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Studies

/// The methods' settings: a flag for the common ones, `--set` for all, `--config` for a file of them.
struct SettingOptions: ParsableArguments {
    @Option(
        help: "A YAML file of settings; Tip-Adapter's and Cluster-Adapter's are taken unchanged.", completion: .file())
    var config: String?

    @Option(help: "The weight of the cache while training, or under --protocol fixed for good.")
    var alpha: Float?

    @Option(help: "The sharpness of the cache, likewise.")
    var beta: Float?

    @Option(help: "Epochs to train.")
    var epochs: Int?

    @Option(help: "Items of a batch.")
    var batchSize: Int?

    @Option(help: "The learning rate at the start.")
    var lr: Float?

    @Option(help: "AdamW's decoupled weight decay.")
    var weightDecay: Float?

    @Option(help: "The share of prototypes that a step of cluster-adapter drops.")
    var dropout: Float?

    @Option(help: "How far a search goes: beta,alpha.")
    var searchScale: String?

    @Option(help: "Steps of a search: beta,alpha.")
    var searchSteps: String?

    @Option(help: "Cluster-adapter's large products in auto, float32 or bfloat16.")
    var precision: String?

    @Option(name: .customLong("set"), help: "Any setting: name=value, or method.name=value. May be repeated.")
    var assignments: [String] = []

    /// Lays the file's settings and then the flags over the study's.
    func lay(over study: inout Study) throws {
        if let config {
            let file = try SettingsFile(path: config)
            file.notes.forEach { printMessage("note: \($0)") }
            study.settings.merge(file.settings.filter { name, _ in study.knows(name) }) { $1 }
            if let count = file.shots { study.shots = [.count(count)] }
            study.searches = file.searches ?? true
        }
        study.settings.merge(flags) { $1 }
        for assignment in assignments {
            let sides = assignment.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else {
                throw Fault(.usage, "--set", found: "'\(assignment)'", expected: "name=value", remedy: "correct it")
            }
            study.settings[sides[0]] = SettingValue(parsing: sides[1])
        }
    }

    private var flags: [String: SettingValue] {
        var flags: [String: SettingValue] = [:]
        for (name, value) in [
            ("alpha", alpha), ("beta", beta), ("lr", lr), ("weight_decay", weightDecay), ("dropout", dropout),
        ] {
            if let value { flags[name] = SettingValue(parsing: "\(value)") }
        }
        if let epochs { flags["epochs"] = .number(Double(epochs)) }
        if let batchSize { flags["batch_size"] = .number(Double(batchSize)) }
        for (name, text) in [("search_scale", searchScale), ("search_step", searchSteps), ("precision", precision)] {
            if let text { flags[name] = SettingValue(parsing: text) }
        }
        return flags
    }
}
