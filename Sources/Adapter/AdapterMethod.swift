public import Core
public import Kernels

/// A method that adapts CLIP to a few labeled items.
///
/// A new method is one file with a type that conforms to this protocol, to ``CacheMethod``, or to ``TrainedMethod``,
/// and one line in ``methods``.
public protocol AdapterMethod: Sendable {
    associatedtype Settings: MethodSettings
    /// The name in options, files and reports.
    static var name: String { get }
    /// One sentence for lists of methods.
    static var summary: String { get }
    /// Whether it requires text features.
    static var needsText: Bool { get }
    /// The items that it fits.
    static var fitsTo: Fitting { get }
    /// Whether ``search(_:on:by:)`` chooses settings.
    static var isSearched: Bool { get }
    /// The settings that were published for single data sets.
    static var publishedSettings: PublishedSettings { get }
    /// The published settings for a data set and a number of shots (nil: all items), where they are not the defaults.
    static func published(for dataset: String, shots: Int?) -> [String: SettingValue]
    /// Settings of ours that a study may choose among on validation, each laid over `settings`.
    static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]]
    /// Whether the epoch is chosen on validation if the protocol says so; some methods use no validation by design.
    static var choosesEpoch: Bool { get }
    /// The features whose lengths change the result.
    static var readsLengths: Lengths { get }
    /// Whether the result depends on the order of the classes.
    static var readsClassOrder: Bool { get }
    /// - Throws: `configuration` or `badData` if the method cannot fit the task.
    init(_ settings: Settings, task: FewShotTask) throws(Fault)
    /// The classifier before any training and any search.
    func initialClassifier() throws(Fault) -> Classifier
    /// Chooses the searched settings of a fitted classifier on validation.
    func search(_ classifier: Classifier, on validation: Validation, by kind: SearchKind) throws(Fault) -> SearchResult
}

/// The items that a method fits.
public enum Fitting: Sendable {
    /// The few labeled items.
    case shots
    /// All training items, without their labels.
    case unlabelled
    /// No items.
    case nothing
}

/// The kinds of features whose lengths, as the encoder gave them, change a method's result.
public struct Lengths: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let images = Lengths(rawValue: 1)
    public static let text = Lengths(rawValue: 2)
}

/// The candidates of a search.
public enum SearchKind: String, Sendable {
    /// A whole interval, where the method allows it.
    case exact
    /// The points that the published code tries; of equals, the first.
    case grid
}

/// The result of a search.
public struct SearchResult: Sendable {
    /// The classifier with the chosen settings.
    public var classifier: Classifier
    /// The chosen settings, by name.
    public var chosen: [String: SettingValue]
    /// The accuracy on validation, in percent.
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

    /// The text features of a method that requires them.
    static func requiredText(_ task: FewShotTask) throws(Fault) -> ClassText {
        guard let text = task.text else {
            throw .badData(
                "text.h5", found: "no text features", expected: "at least one prompt per class for \(name)",
                remedy: "import text features with \(option: "text"), or train a method without: \(methodsWithoutText)")
        }
        return text
    }
}

/// A method whose α and β are searched once its keys are fitted.
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

/// A method whose parameters are trained by gradient descent.
public protocol TrainedMethod: AdapterMethod {
    /// The trained parameters.
    associatedtype Parameters: ParameterSet
    /// The training schedule.
    var schedule: Schedule { get }
    /// The choice of the epoch in the published code.
    static var published: PublishedChoice { get }
    /// The training items, if they are not the task's few shots but, for example, items with pseudo-labels.
    var trainingItems: Support? { get }
    /// The parameters before training; `generator` is the only source of randomness.
    func initialParameters(using generator: inout SeededGenerator) -> Parameters
    /// The loss of a batch of unit features x [B×D], and its gradient.
    ///
    /// Updates state among the parameters that a forward pass changes. `generator` is the only source of randomness.
    func loss(
        _ x: Matrix, labels: [Int], _ parameters: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient)
    /// The classifier of trained parameters.
    func classifier(_ parameters: Parameters) -> Classifier
}

extension TrainedMethod {
    public static var choosesEpoch: Bool { true }
    public var trainingItems: Support? { nil }
    public static var published: PublishedChoice { .lastEpoch }

    /// The parameters before training with a seed.
    public func initialParameters(seed: UInt64) -> Parameters {
        // Independent of the generators of the epochs, which derive from the same seed.
        var generator = SeededGenerator(seed: seed ^ 0x5EED_0F_57A27)
        return initialParameters(using: &generator)
    }

    public func initialClassifier() -> Classifier { classifier(initialParameters(seed: 1)) }
}

/// The choice of the epoch in a method's published code; results that choose on test say `selected on test`.
public enum PublishedChoice: Sendable {
    /// The first epoch with the best test accuracy; α and β are searched with its weights.
    case bestEpochReloaded
    /// The best test accuracy of any epoch; α and β are searched with the last epoch's weights.
    case bestEpochNoted
    /// The last epoch: nothing is chosen on test.
    case lastEpoch
    /// The epoch with the best validation accuracy: nothing is chosen on test.
    case bestValidationEpoch

    /// Whether the choice uses test accuracies.
    public var isOnTest: Bool { self == .bestEpochReloaded || self == .bestEpochNoted }
}

/// A loss, as the sum of named terms.
public struct Loss: Sendable, Equatable {
    /// The weighted terms.
    public var terms: [(name: String, value: Double)]
    /// The sum of the terms.
    public var total: Double { terms.reduce(0) { $0 + $1.value } }

    /// Takes weighted terms.
    public init(_ terms: [(name: String, value: Double)]) { self.terms = terms }

    public static func == (a: Loss, b: Loss) -> Bool {
        a.terms.map(\.name) == b.terms.map(\.name) && a.terms.map(\.value) == b.terms.map(\.value)
    }
}
