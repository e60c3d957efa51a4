internal import Adapter
public import Core
internal import Datasets
internal import Yams

/// One option of a study: its key in study files, which is also the name of its flag, and its conversion from and to text.
struct StudyOption: Sendable {
    let key: String
    /// Sets the option from its words.
    let read: @Sendable (_ words: [String], inout Study) throws(Fault) -> Void
    /// The value that study files have; nil where the option is left out.
    let write: @Sendable (Study) -> (any Encodable)?

    /// Every option but `settings`, which is a mapping.
    static let all: [StudyOption] = [
        words("features", read: { $1.features = $0 }, write: { $0.features }),
        text(
            "methods", read: { text, study throws(Fault) in study.methods = try methods(named: text) },
            write: { $0.methods.map { $0.name } }),
        text(
            "shots", read: { text, study throws(Fault) in study.shots = try Shots.list(text) }, write: { $0.shots }),
        text(
            "seeds", read: { text, study throws(Fault) in study.seeds = try parseNumbers(text, of: "seeds") },
            write: { $0.seeds }),
        text(
            "classes", read: { text, study throws(Fault) in study.classes = try ClassFilter(text) },
            write: { $0.classes.words }),
        words(
            "evaluate", read: { $1.evaluations = $0.map { EvaluationTarget($0) } },
            write: { $0.evaluations.isEmpty ? nil : $0.evaluations.map(\.word) }),
        choice("protocol", \.selection), choice("scheme", \.scheme), choice("val", \.validation),
        flag("grid", \.usesGrid), flag("tune", \.tunes), flag("search", \.searches),
        flag("allow_fewer", \.allowsFewer), path("batch_order", \.batchOrder), path("initial", \.initialParameters),
        words("output", read: { $1.output = $0.joined() }, write: { _ in nil }),
    ]

    /// The option called `key`; nil if there is none.
    static func named(_ key: String) -> StudyOption? {
        let key = key == "method" ? "methods" : key
        return all.first { $0.key == key }
    }

    private typealias Writer = @Sendable (Study) -> (any Encodable)?

    /// An option whose words are a list.
    private static func words(
        _ key: String, read: @escaping @Sendable ([String], inout Study) -> Void, write: @escaping Writer
    ) -> StudyOption {
        StudyOption(key: key, read: { words, study throws(Fault) in read(words, &study) }, write: write)
    }

    /// An option whose words are one text with commas.
    private static func text(
        _ key: String, read: @escaping @Sendable (String, inout Study) throws(Fault) -> Void, write: @escaping Writer
    ) -> StudyOption {
        StudyOption(
            key: key, read: { words, study throws(Fault) in try read(words.joined(separator: ","), &study) },
            write: write
        )
    }

    private static func choice<Choice: RawRepresentable & CaseIterable & SendableMetatype>(
        _ key: String, _ property: any WritableKeyPath<Study, Choice> & Sendable
    ) -> StudyOption where Choice.RawValue == String {
        let read: @Sendable (String, inout Study) throws(Fault) -> Void = { text, study throws(Fault) in
            guard let choice = Choice(rawValue: text) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw .configuration(option: OptionName(key), found: "'\(text)'", expected: names)
            }
            study[keyPath: property] = choice
        }
        return text(key, read: read, write: { $0[keyPath: property].rawValue })
    }

    private static func flag(_ key: String, _ property: any WritableKeyPath<Study, Bool> & Sendable) -> StudyOption {
        let read: @Sendable (String, inout Study) throws(Fault) -> Void = { text, study throws(Fault) in
            guard let flag = Node(text).bool else {
                throw .configuration(option: OptionName(key), found: "'\(text)'", expected: "true or false")
            }
            study[keyPath: property] = flag
        }
        return text(key, read: read, write: { $0[keyPath: property] })
    }

    private static func path(_ key: String, _ property: any WritableKeyPath<Study, String?> & Sendable) -> StudyOption {
        words(key, read: { $1[keyPath: property] = $0.joined() }, write: { $0[keyPath: property] })
    }
}

extension Study {
    /// Sets options from their words, by key, as flags give them; an option without words keeps its value.
    ///
    /// - Throws: `configuration` or `usage` naming the option whose words cannot be used.
    public mutating func set(_ options: KeyValuePairs<String, [String]>) throws(Fault) {
        for (key, words) in options where !words.isEmpty {
            guard let option = StudyOption.named(key) else { preconditionFailure("no option \(key) of a study") }
            try option.read(words, &self)
        }
    }
}
