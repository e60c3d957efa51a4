public import Adapter
public import Core
internal import Yams

/// Settings out of a YAML file: ours, Tip-Adapter's or Cluster-Adapter's, unchanged.
///
/// A published file's `init_alpha`, `init_beta`, `train_epoch` and `dw` are our `alpha`, `beta`, `epochs` and `dropout`.
/// What has no counterpart here is answered with a note; a key that no one knows is an error.
public struct SettingsFile: Sendable {
    public private(set) var settings: [String: SettingValue] = [:]
    public private(set) var shots: Int?
    /// Whether the file asks for a search; nil where it does not say.
    public private(set) var searches: Bool?
    public private(set) var notes: [String] = []

    /// - Throws: `configuration` for a key that no one knows; `badData` for text that is no YAML mapping.
    public init(path: String) throws(Fault) {
        for (key, value) in try yamlPairs(path: path) { try take(key, value, path: path) }
    }

    private mutating func take(_ key: String, _ node: Node, path: String) throws(Fault) {
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

    private static let ours = ["init_alpha": "alpha", "init_beta": "beta", "train_epoch": "epochs", "dw": "dropout"]
    private static let known = Set(methods.flatMap { $0.settingNames }).sorted()
}
