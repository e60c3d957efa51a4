internal import Adapter
public import Core
internal import Splits

/// A study described by a YAML file: data sets × shots × seeds × methods.
///
///     features: [caches/caltech101-rn50, caches/dtd-rn50]
///     methods: all
///     shots: [1, 2, 4, 8, 16]
///     seeds: 1-3
///     protocol: val
///     settings: {tip-adapter.search_scale: [12, 5]}
///     output: runs
///
/// Every key is optional and has the name and the meaning of a flag.
public struct StudyFile: Sendable {
    private let path: String
    private var options: [(option: StudyOption, words: [String])] = []
    private var settings: [String: SettingValue] = [:]

    /// Reads the file at `path`.
    ///
    /// - Throws: `configuration` for an unknown key or a value of the wrong kind, `badData` for text that is no YAML
    ///   mapping.
    public init(path: String) throws(Fault) {
        self.path = path
        guard FileKind(at: path) != .folder else {
            throw Fault(
                .usage, path, found: "a folder", expected: "a study file in YAML",
                remedy: "give a feature folder by \(option: "features", path)")
        }
        for (key, node) in try yamlPairs(path: path) {
            if key == "settings" {
                try readSettings(node)
            } else if let option = StudyOption.named(key) {
                options.append((option, try words(node, key)))
            } else {
                throw .configuration(
                    path, found: "the unknown key '\(key)'",
                    expected: "one of \((StudyOption.all.map(\.key) + ["settings"]).joined(separator: ", "))",
                    remedy: "correct its name or leave it out")
            }
        }
    }

    /// Replaces the options of `study` that the file sets.
    ///
    /// - Throws: `configuration` naming the file for a value that cannot be used.
    public func lay(over study: inout Study) throws(Fault) {
        for (option, words) in options {
            do throws(Fault) { try option.read(words, &study) } catch {
                // A fault of an option's value is told of the file, which has the value.
                guard error.option != nil else { throw error }
                throw .configuration(
                    path, found: "\(option.key) \(error.found)", expected: error.expected, remedy: "correct it")
            }
        }
        study.settings.merge(settings) { $1 }
    }

    /// Reads `alpha: 2`, `tip-adapter.alpha: 2`, or `tip-adapter: {alpha: 2}`.
    private mutating func readSettings(_ node: YAMLNode) throws(Fault) {
        guard case .mapping(let mapping) = node else { throw unexpected("settings", "a mapping of settings") }
        for (name, value) in mapping {
            let name = try settingName(name)
            guard case .mapping(let inner) = value else {
                settings[name] = try settingValue(value, key: name, path: path)
                continue
            }
            for (setting, value) in inner {
                let name = "\(name).\(try settingName(setting))"
                settings[name] = try settingValue(value, key: name, path: path)
            }
        }
    }

    private func settingName(_ node: YAMLNode) throws(Fault) -> String {
        guard let name = node.word else { throw unexpected("settings", "names of settings") }
        return name
    }

    /// A word, or a list of words.
    private func words(_ node: YAMLNode, _ key: String) throws(Fault) -> [String] {
        if let word = node.word { return [word] }
        guard let items = node.items, !items.isEmpty else { throw unexpected(key, "a word or a list") }
        return try items.map { item throws(Fault) in
            guard let word = item.word else { throw unexpected(key, "a list of words or numbers") }
            return word
        }
    }

    private func unexpected(_ key: String, _ expected: String) -> Fault {
        .configuration(path, found: "an unexpected value of \(key)", expected: expected, remedy: "correct it")
    }
}

extension StudyFile {
    /// Writes all options of `study` but its output as a study file in JSON, which is YAML.
    public static func write(_ study: Study, to path: String) throws(Fault) {
        var record = ["settings": RecordedValue(value: study.settings)]
        for option in StudyOption.all { record[option.key] = option.write(study).map(RecordedValue.init) }
        try PublishedFile.publish(JSONDocument.page(record), to: path)
    }

    /// Writes the options of `study` into its output folder, where they stay until the study is complete.
    static func record(_ study: Study) throws(Fault) { try write(study, to: study.output.appending(path: recordName)) }

    /// Removes the record of a complete study, since results hold no paths.
    static func discardRecord(of study: Study) {
        removeFile(study.output.appending(path: recordName))
        removeEmptyFolder(study.output)
    }

    /// Reads the unfinished study of an output folder.
    ///
    /// - Throws: `noInput` where there is none.
    public static func resume(_ output: String) throws(Fault) -> StudyFile {
        let path = output.appending(path: recordName)
        guard case .file = try FileKind.found(at: path) else {
            throw Fault(
                .noInput, path, found: "no study to resume", expected: "the output folder of an unfinished study",
                remedy: "name the folder with \(option: "output"), or run the command of the study")
        }
        return try StudyFile(path: path)
    }

    /// Whether the folder `output` has an unfinished study.
    public static func isUnfinished(_ output: String) -> Bool {
        FileKind(at: output.appending(path: recordName)) != .absent
    }

    private static let recordName = "study.json"
}

/// The value of an option in JSON.
private struct RecordedValue: Encodable {
    let value: any Encodable

    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
