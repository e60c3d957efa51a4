public import Adapter
public import Core

/// The settings of a YAML file of this project, of Tip-Adapter or of Cluster-Adapter.
///
/// The published keys `init_alpha`, `init_beta`, `train_epoch` and `dw` are `alpha`, `beta`, `epochs` and `dropout`
/// here. A published key without a counterpart adds a note; an unknown key is an error.
public struct SettingsFile: Sendable {
    /// Settings by name.
    public private(set) var settings: [String: SettingValue] = [:]
    /// The number of shots; nil if the file does not set it.
    public private(set) var shots: Int?
    /// Whether settings are searched; nil if the file does not say.
    public private(set) var searches: Bool?
    /// Sentences about keys that have no effect here.
    public private(set) var notes: [String] = []

    /// Reads the file at `path`.
    ///
    /// - Throws: `configuration` for an unknown key, `badData` for text that is no YAML mapping.
    public init(path: String) throws(Fault) {
        for (key, value) in try yamlPairs(path: path) { try take(key, value, path: path) }
    }

    private mutating func take(_ key: String, _ node: YAMLNode, path: String) throws(Fault) {
        let value = try settingValue(node, key: key, path: path)
        switch key {
        case "load_cache", "load_pre_feat":
            notes.append("\(path): \(key) has no effect: caches are checked by content and reused when they fit")
        case "root_path", "dataset", "backbone", "subsample_classes":
            notes.append("\(path): \(key) has no effect: images, data set and model are those of the feature folder")
        case "augment_epoch":
            notes.append("\(path): augment_epoch has no effect: the views are those that the feature folder holds")
        case "ls4", "tw", "num_cluster":
            notes.append("\(path): \(key) has no effect, as in the published code")
        case "shots":
            guard case .number(let number) = value, let count = Int(exactly: number), count > 0 else {
                throw .configuration(path, found: "shots '\(value)'", expected: "a whole number", remedy: "correct it")
            }
            shots = count
        case "search_hp":
            guard case .switched(let flag) = value else {
                throw .configuration(
                    path, found: "search_hp '\(value)'", expected: "True or False", remedy: "correct it")
            }
            searches = flag
        default:
            let name = Self.ours[key] ?? key
            guard Self.known.contains(name) else {
                throw .configuration(
                    path, found: "the unknown key '\(key)'",
                    expected: "one of \((Self.known + Self.ours.keys).sorted().joined(separator: ", "))",
                    remedy: "correct its name or leave it out")
            }
            settings[name] = value
        }
    }

    private static let ours = [
        "init_alpha": "alpha", "init_beta": "beta", "train_epoch": "epochs", "dw": "dropout",
        "search_steps": "search_step",
    ]
    private static let known = Set(methods.flatMap { $0.settingNames }).sorted()
}
