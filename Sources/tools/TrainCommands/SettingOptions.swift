internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Studies

/// The methods' settings: flags for the common ones, `--set` for any, and `--config` for a file.
struct SettingOptions: ParsableArguments {
    @Option(
        help: "A YAML file of settings; those of Tip-Adapter and Cluster-Adapter work unchanged.", completion: .file())
    var config: String?

    @Option(help: "Cache weight alpha. Used during training; with --protocol fixed also at test time.")
    var alpha: Float?

    @Option(help: "Cache sharpness beta. Used like --alpha.")
    var beta: Float?

    @Option(help: "The number of training epochs.")
    var epochs: Int?

    @Option(help: "The number of items per batch.")
    var batchSize: Int?

    @Option(help: "The initial learning rate.")
    var lr: Float?

    @Option(help: "The weight decay: decoupled, but for task-res, graph-adapter and clip-adapter.")
    var weightDecay: Float?

    @Option(help: "The share of prototypes that cluster-adapter drops per step.")
    var dropout: Float?

    @Option(help: "Upper bounds of the search: beta,alpha.")
    var searchScale: String?

    @Option(name: [.long, .customLong("search-step")], help: "Steps of the search: beta,alpha.")
    var searchSteps: String?

    @Option(help: "The arithmetic of a training step's large products: auto, f32 or bf16.")
    var precision: String?

    @Option(name: .customLong("set"), help: "Any setting: name=value, or method.name=value. May be repeated.")
    var assignments: [String] = []

    /// Replaces the study's settings by those of the file, and then by those of the flags.
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
        let given: [String: (any CustomStringConvertible)?] = [
            "alpha": alpha, "beta": beta, "epochs": epochs, "batch_size": batchSize, "lr": lr,
            "weight_decay": weightDecay, "dropout": dropout, "search_scale": searchScale, "search_step": searchSteps,
            "precision": precision,
        ]
        return given.compactMapValues { $0.map { SettingValue(parsing: $0.description) } }
    }
}
