public import Adapter
public import Artifacts
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
        let file = try MappedFile(path: path)
        guard file.byteCount <= 1 << 20 else {
            throw .badData(path, found: "\(file.byteCount) bytes", expected: "at most 1 MiB of settings")
        }
        let bytes = file.bytes
        let text = unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        for (key, value) in try Self.pairs(text, path: path) { try take(key, value, path: path) }
    }

    /// The keys and values of the top mapping, in order.
    private static func pairs(_ text: String, path: String) throws(Fault) -> [(String, Node)] {
        let expected = "a YAML mapping of settings"
        do {
            guard let node = try compose(yaml: text) else { return [] }
            guard case .mapping(let mapping) = node else {
                throw Fault.badData(
                    path, found: "no mapping at the top", expected: expected, remedy: "correct the file")
            }
            return try mapping.map { key, value in
                guard let name = key.scalar?.string else {
                    throw Fault.badData(path, found: "a key that is no word", expected: expected, remedy: "correct it")
                }
                return (name, value)
            }
        } catch let fault as Fault {
            throw fault
        } catch let error as YamlError {
            let lines = "\(error)".split(separator: "\n").prefix(2).joined(separator: " ")
            throw .badData(path, found: "no YAML (\(lines))", expected: expected, remedy: "correct the file")
        } catch {
            throw .badData(path, found: "no YAML", expected: expected, remedy: "correct the file")
        }
    }

    private mutating func take(_ key: String, _ node: Node, path: String) throws(Fault) {
        let value = try Self.value(node, key: key, path: path)
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

    private static func value(_ node: Node, key: String, path: String) throws(Fault) -> SettingValue {
        switch node {
        case .scalar(let scalar):
            // YAML's own words for true and false, as published files write them.
            if let flag = node.bool { return .switched(flag) }
            return SettingValue(parsing: scalar.string)
        case .sequence(let sequence):
            let numbers = sequence.compactMap { $0.float }
            guard numbers.count == sequence.count else { break }
            return .list(numbers)
        default: break
        }
        throw .configuration(path, found: "\(key) of a kind that no setting has", expected: "a number, word or list")
    }
}
