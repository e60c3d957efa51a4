internal import Adapter
public import Core
internal import Splits

/// One option of a study: its key in study files, which is also the name of its flag, and its conversion from and to
/// text.
struct StudyOption: Sendable {
    let key: String
    let read: @Sendable (_ words: [String], inout Study) throws(Fault) -> Void
    /// The value that study files have; nil where the option is left out.
    let write: @Sendable (Study) -> (any Encodable)?

    /// Every option but `settings`, which is a mapping.
    static let all: [StudyOption] = [
        StudyOption("features", \.features, { $0 }, { $0 }),
        text("methods", \.methods, methods(named:)) { $0.map { $0.name } },
        text("shots", \.shots, Shots.list) { $0 },
        text("seeds", \.seeds, { text throws(Fault) in try parseNumbers(text, of: "seeds") }, { $0 }),
        text("classes", \.classes, ClassFilter.init) { $0.words },
        StudyOption("evaluate", \.evaluations, { $0.map { EvaluationTarget($0) } }) {
            $0.isEmpty ? nil : $0.map(\.word)
        },
        choice("protocol", \.selection), choice("scheme", \.scheme), choice("val", \.validation),
        flag("val_from_train", \.takesValFromTrain), flag("grid", \.usesGrid), flag("tune", \.tunes),
        flag("search", \.searches),
        flag("allow_fewer", \.allowsFewer), path("batch_order", \.batchOrder), path("initial", \.initialParameters),
        StudyOption("output", \.output, { $0.joined() }, { _ in nil }),
    ]

    /// The option called `key`; nil if there is none.
    static func named(_ key: String) -> StudyOption? {
        let key = key == "method" ? "methods" : key
        return all.first { $0.key == key }
    }

    private typealias Property<Value> = any WritableKeyPath<Study, Value> & Sendable

    /// An option that `parse` reads from its words and of which study files have what `record` returns.
    private init<Value>(
        _ key: String, _ property: Property<Value>, _ parse: @escaping @Sendable ([String]) throws(Fault) -> Value,
        _ record: @escaping @Sendable (Value) -> (any Encodable)?
    ) {
        self.key = key
        read = { words, study throws(Fault) in study[keyPath: property] = try parse(words) }
        write = { record($0[keyPath: property]) }
    }

    /// An option whose words are one text with commas.
    private static func text<Value>(
        _ key: String, _ property: Property<Value>, _ parse: @escaping @Sendable (String) throws(Fault) -> Value,
        _ record: @escaping @Sendable (Value) -> (any Encodable)?
    ) -> StudyOption {
        StudyOption(
            key, property, { words throws(Fault) in try parse(words.joined(separator: ",")) }, record)
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ key: String, _ property: Property<Choice>
    ) -> StudyOption {
        let parse: @Sendable (String) throws(Fault) -> Choice = { text throws(Fault) in
            guard let choice = Choice(rawValue: text) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw .configuration(option: OptionName(key), found: "'\(text)'", expected: names)
            }
            return choice
        }
        return text(key, property, parse) { $0.rawValue }
    }

    private static func flag(_ key: String, _ property: Property<Bool>) -> StudyOption {
        let parse: @Sendable (String) throws(Fault) -> Bool = { text throws(Fault) in
            guard let flag = YAMLScalar(text: text).flag else {
                throw .configuration(option: OptionName(key), found: "'\(text)'", expected: "true or false")
            }
            return flag
        }
        return text(key, property, parse) { $0 }
    }

    private static func path(_ key: String, _ property: Property<String?>) -> StudyOption {
        StudyOption(key, property, { $0.joined() }, { $0 })
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
