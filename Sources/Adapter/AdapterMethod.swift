public import Core
public import Kernels

/// A way to adapt CLIP to a few items.
///
/// A new method is one file that conforms to this, to ``CacheMethod`` or to ``TrainedMethod``, and one line in ``methods``.
public protocol AdapterMethod: Sendable {
    associatedtype Settings: MethodSettings
    static var name: String { get }
    /// One sentence for lists.
    static var summary: String { get }
    /// Whether it cannot do without text features.
    static var needsText: Bool { get }
    /// What it fits to.
    static var fitsTo: Fitting { get }
    /// Whether ``search(_:on:by:)`` chooses anything.
    static var isSearched: Bool { get }
    /// The settings that were published for single data sets.
    static var publishedSettings: PublishedSettings { get }
    /// The published settings for a data set and a number of shots (nil: all items), where they are not the defaults.
    static func published(for dataset: String, shots: Int?) -> [String: SettingValue]
    /// Settings of ours that a study may choose among on validation, each laid over `settings`.
    static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]]
    /// Whether an epoch is chosen on validation where the protocol says so; some methods use no validation by design.
    static var choosesEpoch: Bool { get }
    /// Whose lengths change its answer; the methods of others see unit rows only.
    static var readsLengths: Lengths { get }
    /// Whether classes in another order are another task to it.
    static var readsClassOrder: Bool { get }
    /// - Throws: `configuration` or `badData` where the task cannot be had.
    init(_ settings: Settings, task: FewShotTask) throws(Fault)
    /// The classifier as the settings make it, before any training and any search.
    func initialClassifier() throws(Fault) -> Classifier
    /// Chooses on validation what is left to choose once `classifier` is fitted.
    func search(_ classifier: Classifier, on validation: Validation, by kind: SearchKind) throws(Fault) -> SearchResult
}

/// What a method fits to.
public enum Fitting: Sendable {
    /// The few labelled items.
    case shots
    /// All items of the train part, without their labels.
    case unlabelled
    case nothing
}

/// Features whose lengths, as the encoder gave them, count.
public struct Lengths: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let images = Lengths(rawValue: 1)
    public static let text = Lengths(rawValue: 2)
}

/// How thoroughly settings are chosen.
public enum SearchKind: String, Sendable {
    /// Over all of an interval where the method allows it.
    case exact
    /// At the points that the published code tries, the first of equals.
    case grid
}

/// What a search found.
public struct SearchResult: Sendable {
    /// The classifier with what was chosen.
    public var classifier: Classifier
    /// What was chosen, by the setting's name.
    public var chosen: [String: SettingValue]
    /// Percent of the validation items that are right there.
    public var accuracy: Double

    public init(classifier: Classifier, chosen: [String: SettingValue], accuracy: Double) {
        self.classifier = classifier
        self.chosen = chosen
        self.accuracy = accuracy
    }
}

extension AdapterMethod {
    public static var fitsTo: Fitting { .shots }
    public static var isSearched: Bool { false }
    public static var readsLengths: Lengths { [] }
    public static var choosesEpoch: Bool { false }
    public static var readsClassOrder: Bool { false }
    public static var publishedSettings: PublishedSettings { PublishedSettings() }
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        publishedSettings[dataset] ?? [:]
    }
    public static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]] { [] }

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        SearchResult(classifier: classifier, chosen: [:], accuracy: try validation.score(classifier).accuracy)
    }

    private static var methodsWithoutText: String {
        methods.filter { !$0.needsText }.map { $0.name }.joined(separator: ", ")
    }

    /// The text of a method that has to have it.
    static func requiredText(_ task: FewShotTask) throws(Fault) -> ClassText {
        guard let text = task.text else {
            throw .badData(
                "text.h5", found: "no text features", expected: "one prompt a class at least for \(name)",
                remedy: "import text features with \(option: "text"), or train a method without: \(methodsWithoutText)")
        }
        return text
    }
}

/// A method whose fitted keys are searched for α and β.
public protocol CacheMethod: AdapterMethod {
    /// The β and α that a search covers.
    var searchSpace: SearchSpace { get }
}

extension CacheMethod {
    public static var isSearched: Bool { true }

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        try validation.search(classifier, searchSpace, by: kind)
    }
}

/// A method with parameters that gradient steps fit.
public protocol TrainedMethod: AdapterMethod {
    associatedtype Parameters: ParameterSet
    var schedule: Schedule { get }
    /// What the published code does with the best test epoch.
    static var published: PublishedChoice { get }
    /// What is trained on where it is not the task's few shots, such as items with labels of the method's own.
    var trainingItems: Support? { get }
    /// The start; `generator` is for what is random in it.
    func initialParameters(using generator: inout SeededGenerator) -> Parameters
    /// The loss of a batch of unit features x [B×D], and its gradient.
    ///
    /// State among the parameters that a forward pass changes is changed; `generator` is for what is random in a step.
    func loss(
        _ x: Matrix, labels: [Int], _ parameters: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient)
    func classifier(_ parameters: Parameters) -> Classifier
}

extension TrainedMethod {
    public static var choosesEpoch: Bool { true }
    public var trainingItems: Support? { nil }
    public static var published: PublishedChoice { .lastEpoch }

    /// The start that a seed gives.
    public func initialParameters(seed: UInt64) -> Parameters {
        // Apart from the generators of the epochs, which are made from the same seed.
        var generator = SeededGenerator(seed: seed ^ 0x5EED_0F_57A27)
        return initialParameters(using: &generator)
    }

    public func initialClassifier() -> Classifier { classifier(initialParameters(seed: 1)) }
}

/// How the published code of a method chooses on the test part; results that follow it say `selected on test`.
public enum PublishedChoice: Sendable {
    /// The first epoch with the best test accuracy is loaded again, and α and β are searched with its weights.
    case bestEpochReloaded
    /// The best test accuracy of any epoch is noted, and α and β are searched with the last epoch's weights.
    case bestEpochNoted
    /// The last epoch is taken: nothing is chosen on test.
    case lastEpoch
    /// The epoch with the best validation accuracy is loaded again: nothing is chosen on test.
    case bestValidationEpoch

    /// Whether it chooses on test.
    public var isOnTest: Bool { self == .bestEpochReloaded || self == .bestEpochNoted }
}

/// A loss and the named terms it is the sum of.
public struct Loss: Sendable, Equatable {
    public var terms: [(name: String, value: Double)]
    public var total: Double { terms.reduce(0) { $0 + $1.value } }

    public init(_ terms: [(name: String, value: Double)]) { self.terms = terms }

    public static func == (a: Loss, b: Loss) -> Bool {
        a.terms.map(\.name) == b.terms.map(\.name) && a.terms.map(\.value) == b.terms.map(\.value)
    }
}
