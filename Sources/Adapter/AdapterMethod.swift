public import Artifacts
public import Kernels

/// What a method is fitted to.
public struct FewShotTask: Sendable {
    /// nil for methods that fit nothing.
    public var support: Support?
    /// nil where the features came without text.
    public var text: ClassText?
    /// - Throws: `badData` if text and images differ in width or classes.
    public init(support: Support?, text: ClassText?) throws(Fault) {
        if let text, let support {
            guard text.width == support.width else {
                throw .badData(
                    "text.h5", found: "features \(text.width) wide", expected: "\(support.width) as in train.h5",
                    remedy: "import images and text of one model")
            }
            guard text.classCount == support.classCount else {
                throw .badData(
                    "text.h5", found: "\(text.classCount) classes", expected: "\(support.classCount) as in train.h5",
                    remedy: "import images and text of the same classes")
            }
        }
        self.support = support
        self.text = text
    }

    /// The few-shot items of a method that has to have them.
    func requiredSupport(_ method: String) throws(Fault) -> Support {
        guard let support else {
            throw .badData(
                "train.h5", found: "no few-shot items", expected: "some for \(method)", remedy: "import a train part")
        }
        return support
    }
}

/// A way to adapt CLIP to a few labelled items.
///
/// A new method is one file that conforms to this, or to ``TrainedMethod``, and one line in ``methods``.
public protocol AdapterMethod: Sendable {
    associatedtype Settings: MethodSettings
    static var name: String { get }
    /// One sentence for lists.
    static var summary: String { get }
    /// Whether it cannot do without text features.
    static var needsText: Bool { get }
    /// Whether it fits anything to the few shots.
    static var usesShots: Bool { get }
    /// The β and α that a search covers; nil where there is nothing to search.
    var searchSpace: SearchSpace? { get }
    /// - Throws: `configuration` or `badData` where the task cannot be had.
    init(_ settings: Settings, task: FewShotTask) throws(Fault)
    /// The classifier as the settings make it, before any training.
    func initialClassifier() -> CacheClassifier
}

extension AdapterMethod {
    public static var usesShots: Bool { true }

    /// The text of a method that has to have it.
    static func requiredText(_ task: FewShotTask) throws(Fault) -> ClassText {
        guard let text = task.text else {
            throw .badData(
                "text.h5", found: "no text features", expected: "one prompt a class at least for \(name)",
                remedy: "import with --text, or train the methods that need none: "
                    + methods.filter { !$0.needsText }.map { $0.name }.joined(separator: ", "))
        }
        return text
    }
}

/// A method with parameters that gradient steps fit.
public protocol TrainedMethod: AdapterMethod {
    associatedtype Parameters: ParameterSet
    var schedule: Schedule { get }
    /// What the published code does with the best test epoch.
    static var published: PublishedChoice { get }
    func initialParameters() -> Parameters
    /// The loss of a batch of unit features x [B×D], and its gradient.
    ///
    /// State among the parameters that a forward pass changes is changed; `generator` is for what is random in a step.
    func loss(
        _ x: Matrix, labels: [Int], _ parameters: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient)
    func classifier(_ parameters: Parameters) -> CacheClassifier
}

/// How the published code of a method chooses on the test part; results that follow it say `selected on test`.
public enum PublishedChoice: Sendable {
    /// The first epoch with the best test accuracy is loaded again, and α and β are searched with its weights.
    case bestEpochReloaded
    /// The best test accuracy of any epoch is noted, and α and β are searched with the last epoch's weights.
    case bestEpochNoted
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
