internal import Adapter
public import Core
internal import Foundation
internal import Splits
internal import Yams

/// A whole study out of a YAML file: data sets x shots x seeds x methods.
///
///     features: [caches/caltech101-rn50, caches/dtd-rn50]
///     methods: all
///     shots: [1, 2, 4, 8, 16]
///     seeds: 1-3
///     protocol: val
///     settings: {tip-adapter.search_scale: [12, 5]}
///     output: runs
///
/// Every key may be left out and stands for the flag of its name; paths are as for the flags.
public struct StudyFile: Sendable {
    private let path: String
    private var take: [@Sendable (inout Study) -> Void] = []

    /// - Throws: `configuration` for a key or value that means nothing, `badData` for text that is no YAML mapping.
    public init(path: String) throws(Fault) {
        self.path = path
        for (key, node) in try yamlPairs(path: path) {
            do throws(Fault) { try read(key, node) } catch {
                // What a flag would say is said of the file.
                throw error.subject.hasPrefix("--")
                    ? .configuration(path, found: "\(key) of \(error.found)", expected: error.expected) : error
            }
        }
    }

    /// Writes what `study` is about into its output folder, where it stays until the study is whole.
    static func record(_ study: Study) throws(Fault) { try write(study, to: "\(study.output)/\(recordName)") }

    /// Writes what `study` is about, but for its output, as a study file.
    public static func write(_ study: Study, to path: String) throws(Fault) {
        let record = Record(
            features: study.features, methods: study.methods.map { $0.name }, shots: study.shots, seeds: study.seeds,
            classes: study.classes.words, evaluate: study.evaluations.isEmpty ? nil : study.evaluations.map(\.word),
            protocol: study.selection.rawValue, scheme: study.scheme.rawValue,
            val: (study.usesWholeValidation ? ValidationSize.full : .fewShot).rawValue, grid: study.usesGrid,
            tune: study.tunes, search: study.searches, allow_fewer: study.allowsFewer,
            batch_order: study.batchOrder, initial: study.initialParameters, settings: study.settings)
        try PublishedFile.publish(JSONDocument.page(record), to: path)
    }

    /// Takes the record of a whole study away: results hold no paths.
    static func discardRecord(of study: Study) {
        removeFile("\(study.output)/\(recordName)")
        removeEmptyFolder(study.output)
    }

    /// The study that did not come to its end in an output folder.
    ///
    /// - Throws: `noInput` where there is none.
    public static func resume(_ output: String) throws(Fault) -> StudyFile {
        let path = "\(output)/\(recordName)"
        guard case .file = try FileKind.found(at: path) else {
            throw Fault(
                .noInput, path, found: "no study to resume", expected: "the output folder of an unfinished one",
                remedy: "name the folder with -o, or give the command of the study")
        }
        return try StudyFile(path: path)
    }

    private static let recordName = "study.json"

    /// JSON is YAML: the record has the keys of a study file.
    private struct Record: Encodable {
        var features: [String]
        var methods: [String]
        var shots: [Shots]
        var seeds: [UInt64]
        var classes: [String]?
        var evaluate: [String]?
        var `protocol`: String
        var scheme: String
        var val: String
        var grid: Bool
        var tune: Bool
        var search: Bool
        var allow_fewer: Bool
        var batch_order: String?
        var initial: String?
        var settings: [String: SettingValue]
    }

    /// Lays what the file says over `study`.
    public func lay(over study: inout Study) { for change in take { change(&study) } }

    private mutating func read(_ key: String, _ node: Node) throws(Fault) {
        switch key {
        case "features":
            let paths = try words(node, key)
            take.append { $0.features = paths }
        case "methods", "method":
            let chosen = try methods(named: words(node, key).joined(separator: ","))
            take.append { $0.methods = chosen }
        case "shots":
            let shots = try Shots.list(words(node, key).joined(separator: ","))
            take.append { $0.shots = shots }
        case "seeds":
            let seeds: [UInt64] = try parseNumbers(words(node, key).joined(separator: ","), of: "--seeds")
            take.append { $0.seeds = seeds }
        case "classes":
            let filter = try ClassFilter(words(node, key).joined(separator: ","))
            take.append { $0.classes = filter }
        case "evaluate":
            let targets = try words(node, key).map { EvaluationTarget($0) }
            take.append { $0.evaluations = targets }
        case "protocol":
            let selection: SelectionProtocol = try choice(node, key)
            take.append { $0.selection = selection }
        case "scheme":
            let scheme: FewShotSample.Scheme = try choice(node, key)
            take.append { $0.scheme = scheme }
        case "val":
            let size: ValidationSize = try choice(node, key)
            take.append { $0.usesWholeValidation = size == .full }
        case "grid", "tune", "search", "allow_fewer": try readSwitch(key, node)
        case "output":
            let output = try words(node, key).joined()
            take.append { $0.output = output }
        case "batch_order":
            let path = try words(node, key).joined()
            take.append { $0.batchOrder = path }
        case "initial":
            let path = try words(node, key).joined()
            take.append { $0.initialParameters = path }
        case "settings": try readSettings(node)
        default:
            throw .configuration(
                path, found: "the unknown key '\(key)'", expected: "one of \(Self.keys.joined(separator: ", "))",
                remedy: "correct its name or leave it out")
        }
    }

    private static let keys = [
        "features", "methods", "shots", "seeds", "classes", "evaluate", "protocol", "scheme", "val", "grid", "tune",
        "search", "allow_fewer", "batch_order", "initial", "output", "settings",
    ]

    private mutating func readSwitch(_ key: String, _ node: Node) throws(Fault) {
        guard let flag = node.bool else { throw strange(key, "true or false") }
        switch key {
        case "grid": take.append { $0.usesGrid = flag }
        case "tune": take.append { $0.tunes = flag }
        case "search": take.append { $0.searches = flag }
        default: take.append { $0.allowsFewer = flag }
        }
    }

    /// `alpha: 2`, `tip-adapter.alpha: 2`, or `tip-adapter: {alpha: 2}`.
    private mutating func readSettings(_ node: Node) throws(Fault) {
        guard case .mapping(let mapping) = node else { throw strange("settings", "a mapping of settings") }
        for (name, value) in mapping {
            guard let name = name.scalar?.string else { throw strange("settings", "names of settings") }
            if case .mapping(let inner) = value {
                for (setting, value) in inner {
                    guard let setting = setting.scalar?.string else { throw strange("settings", "names of settings") }
                    try take("\(name).\(setting)", value)
                }
            } else {
                try take(name, value)
            }
        }
    }

    private mutating func take(_ name: String, _ node: Node) throws(Fault) {
        let value = try settingValue(node, key: name, path: path)
        take.append { $0.settings[name] = value }
    }

    /// A word, or a list of them.
    private func words(_ node: Node, _ key: String) throws(Fault) -> [String] {
        if let word = node.scalar?.string { return [word] }
        guard let items = node.sequence, !items.isEmpty else { throw strange(key, "a word or a list") }
        return try items.map { item throws(Fault) in
            guard let word = item.scalar?.string else { throw strange(key, "a list of words or numbers") }
            return word
        }
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ node: Node, _ key: String
    ) throws(Fault) -> Choice where Choice.RawValue == String {
        guard let choice = node.scalar.flatMap({ Choice(rawValue: $0.string) }) else {
            throw strange(key, Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    private func strange(_ key: String, _ expected: String) -> Fault {
        .configuration(path, found: "a strange value of \(key)", expected: expected, remedy: "correct it")
    }
}
