public import Adapter
public import Core
internal import FeatureStore
public import Splits

/// On what epochs and settings are chosen.
public enum SelectionProtocol: String, Sendable, Codable, CaseIterable {
    /// On validation: min(K, 4) items a class, or all of it; test is read once, after.
    case val
    /// On nothing: the last epoch, the given settings.
    case fixed
    /// On the test part where the published code does so; every output says `selected on test`.
    case paper
}

/// How many validation items are chosen on.
public enum ValidationSize: String, Sendable, CaseIterable {
    /// min(K, 4) of each class.
    case fewShot = "few-shot"
    case full
}

/// How many items of each class are trained on.
public enum Shots: Sendable, Hashable, Codable, CustomStringConvertible {
    case count(Int)
    /// The train part as it stands.
    case all

    public var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .all: "all"
        }
    }

    /// Numbers of shots with commas between them, or `all`.
    ///
    /// - Throws: `usage` for anything else.
    public static func list(_ text: String) throws(Fault) -> [Shots] {
        let words = text.split(separator: ",")
        return try (words.isEmpty ? [""] : words).map { word throws(Fault) in
            let word = word.filter { $0 != " " }
            if word == "all" { return .all }
            guard let count = Int(word), (1 ... 1_000_000).contains(count) else {
                throw Fault(
                    .usage, "--shots", found: "'\(word)'", expected: "whole numbers from 1, or all",
                    remedy: "correct it")
            }
            return .count(count)
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let count = try? container.decode(Int.self) { self = .count(count) } else { self = .all }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .count(let count): try container.encode(count)
        case .all: try container.encode("all")
        }
    }
}

/// Data sets × shots × seeds × methods.
public struct Study: Sendable {
    /// The feature folders.
    public var features: [String]
    /// Which of their classes it is about.
    public var classes = ClassFilter.all
    /// The folder that takes a folder a run, and `results.jsonl`.
    public var output: String
    public var methods: [any AdapterMethod.Type]
    public var shots: [Shots] = [.count(1), .count(2), .count(4), .count(8), .count(16)]
    public var seeds: [UInt64] = [1, 2, 3]
    public var scheme = FewShotSample.Scheme.coop
    public var selection = SelectionProtocol.val
    /// Settings by name, `alpha` or `tip-adapter.alpha`, laid over the methods' defaults.
    public var settings: [String: SettingValue] = [:]
    /// Choose on the whole val part.
    public var usesWholeValidation = false
    /// Search the published grid, not exactly.
    public var usesGrid = false
    /// Search at all; without it the training's α and β stay.
    public var searches = true
    /// A `.npy` file of batch orders [epochs×items], positions in the sample.
    public var batchOrder: String?
    /// Go on where a class has fewer items than the shots ask for: it keeps what there is, or repeats under `tip`.
    public var allowsFewer = false
    /// What finished adapters are evaluated on beside their own test part.
    public var evaluations: [EvaluationTarget] = []
    /// Choose on validation among the settings that methods propose, too.
    public var tunes = false
    /// A `.safetensors` file of parameters by name, where a training starts instead of its own start.
    public var initialParameters: String?
    /// Train again where a run with other settings stands.
    public var replaces = false
    /// Only these of the runs, as a task of an array job; results are then gathered by a study of all of them.
    public var share: StudyShare?
    public var events: StudyEvents = .init()

    public init(features: [String], output: String, methods: [any AdapterMethod.Type]) {
        self.features = features
        self.output = output
        self.methods = methods
    }
}

/// What a study tells while it runs.
public struct StudyEvents: Sendable {
    /// A sentence for the user.
    public var note: @Sendable (String) -> Void = { _ in }
    /// A run goes on: its name, steps done, steps in all.
    public var progress: @Sendable (_ run: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    /// A run has ended.
    public var finished: @Sendable (ResultLine, _ reused: Bool) -> Void = { _, _ in }
    /// A run has failed; the others go on.
    public var failed: @Sendable (_ run: String, Fault) -> Void = { _, _ in }
    /// Asked between steps.
    public var shouldStop: @Sendable () -> Bool = { false }

    public init() {}
}

extension Study {
    /// The given settings that `method` has, those with its name first.
    func overlay(_ method: any AdapterMethod.Type) -> [String: SettingValue] {
        var overlay: [String: SettingValue] = [:]
        for (name, value) in settings where !name.contains(".") && method.has(name) { overlay[name] = value }
        for (name, value) in settings where name.hasPrefix(method.name + ".") {
            overlay[String(name.dropFirst(method.name.count + 1))] = value
        }
        return overlay
    }
}

extension AdapterMethod {
    /// The names of the settings.
    static var settingNames: [String] { Settings.names }
    static func has(_ name: String) -> Bool { Settings.names.contains(name) }
    static func checkSettings(_ overlay: [String: SettingValue]) throws(Fault) {
        _ = try Settings(overlaying: overlay, method: name)
    }
}

/// The method called `name`.
///
/// - Throws: `usage` with the names there are.
public func method(named name: String) throws(Fault) -> any AdapterMethod.Type {
    guard let found = methods.first(where: { $0.name == name }) else {
        throw Fault(
            .usage, "--method", found: "'\(name)'",
            expected: "one of \(methods.map { $0.name }.joined(separator: ", ")), or all",
            remedy: "correct its name")
    }
    return found
}

/// The methods that `text` names, with commas between them, or `all` of them.
///
/// - Throws: `usage` with the names there are.
public func methods(named text: String) throws(Fault) -> [any AdapterMethod.Type] {
    if text == "all" { return methods }
    let words = text.split(separator: ",")
    return try (words.isEmpty ? [""] : words).map { word throws(Fault) in
        try method(named: String(word.trimmingPrefix(" ")))
    }
}

/// A method as lists show it.
public struct MethodDescription: Sendable, Encodable {
    public let name: String
    public let summary: String
    public let needs_text: Bool
    /// The settings with their defaults.
    public let settings: [String: SettingValue]

    /// Every method, in order.
    public static var all: [MethodDescription] { methods.map { $0.described } }
}

extension AdapterMethod {
    fileprivate static var described: MethodDescription {
        MethodDescription(name: name, summary: summary, needs_text: needsText, settings: Settings().values)
    }
}

extension Study {
    /// Whether one of the study's methods has a setting of this name.
    public func knows(_ setting: String) -> Bool { methods.contains { $0.has(setting) } }
}
