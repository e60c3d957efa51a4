internal import Adapter
internal import Core
internal import Datasets
internal import Yams

/// One option of a study: its key in study files, which is also the name of its flag, and its conversion from and to text.
struct StudyOption: Sendable {
    let key: String
    /// Sets the option from its words.
    let read: @Sendable (_ words: [String], inout Study) throws(Fault) -> Void
    /// The value that study files have; nil where the option is left out.
    let write: @Sendable (Study) -> (any Encodable)?

    init(
        _ key: String, read: @escaping @Sendable ([String], inout Study) throws(Fault) -> Void,
        write: @escaping @Sendable (Study) -> (any Encodable)?
    ) {
        self.key = key
        self.read = read
        self.write = write
    }

    /// Every option but `settings`, which is a mapping.
    static let all: [StudyOption] = [
        StudyOption("features") { $1.features = $0 } write: { $0.features },
        StudyOption("methods") { words, study throws(Fault) in
            study.methods = try methods(named: words.joined(separator: ","))
        } write: { $0.methods.map { $0.name } },
        StudyOption("shots") { words, study throws(Fault) in
            study.shots = try Shots.list(words.joined(separator: ","))
        } write: { $0.shots },
        StudyOption("seeds") { words, study throws(Fault) in
            study.seeds = try parseNumbers(words.joined(separator: ","), of: "seeds")
        } write: { $0.seeds },
        StudyOption("classes") { words, study throws(Fault) in
            study.classes = try ClassFilter(words.joined(separator: ","))
        } write: { $0.classes.words },
        StudyOption("evaluate") { words, study in
            study.evaluations = words.map { EvaluationTarget($0) }
        } write: { $0.evaluations.isEmpty ? nil : $0.evaluations.map(\.word) },
        choice("protocol", \.selection), choice("scheme", \.scheme), choice("val", \.validation),
        flag("grid", \.usesGrid), flag("tune", \.tunes), flag("search", \.searches),
        flag("allow_fewer", \.allowsFewer), path("batch_order", \.batchOrder), path("initial", \.initialParameters),
        StudyOption("output") { $1.output = $0.joined() } write: { _ in nil },
    ]

    /// The option called `key`; nil if there is none.
    static func named(_ key: String) -> StudyOption? {
        let key = key == "method" ? "methods" : key
        return all.first { $0.key == key }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ property: WritableKeyPath<Study, Choice> & Sendable
    ) -> StudyOption where Choice.RawValue == String {
        StudyOption(key) { words, study throws(Fault) in
            guard let choice = Choice(rawValue: words.joined(separator: ",")) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw .configuration(option: OptionName(key), found: "'\(words.joined(separator: ","))'", expected: names)
            }
            study[keyPath: property] = choice
        } write: { $0[keyPath: property].rawValue }
    }

    private static func flag(_ key: String, _ property: WritableKeyPath<Study, Bool> & Sendable) -> StudyOption {
        StudyOption(key) { words, study throws(Fault) in
            guard let flag = Node(words.joined(separator: ",")).bool else {
                throw .configuration(
                    option: OptionName(key), found: "'\(words.joined(separator: ","))'", expected: "true or false")
            }
            study[keyPath: property] = flag
        } write: { $0[keyPath: property] }
    }

    private static func path(
        _ key: String, _ property: WritableKeyPath<Study, String?> & Sendable
    ) -> StudyOption {
        StudyOption(key) { $1[keyPath: property] = $0.joined() } write: { $0[keyPath: property] }
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
