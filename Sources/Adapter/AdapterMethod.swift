public import Core

/// A method that adapts CLIP to a few labeled items.
///
/// A new method is one file with a type that conforms to this protocol, to `CacheMethod`, or to `TrainedMethod`, and
/// one line in ``methods``.
public protocol AdapterMethod: Sendable {
    /// The settings, with the paper's defaults.
    associatedtype Settings: MethodSettings
    /// The name, and what the method needs and reads.
    static var traits: MethodTraits { get }
    /// The published settings for a data set and a number of shots (nil: all items), where they are not the defaults.
    static func published(for dataset: String, shots: Int?) -> [String: SettingValue]
    /// The settings of the published training, where the defaults are this project's; `paper` starts from them.
    static var publishedDefaults: [String: SettingValue] { get }
    /// Settings of ours that a study may choose among on validation, each laid over `settings`.
    static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]]
    /// The settings among which the published code chooses on validation, in its order, for these numbers of training
    /// images and of prompts; `paper` trains with each.
    static func publishedGrid(images: Int, prompts: Int) -> [[String: SettingValue]]
    /// - Throws: `configuration` or `badData` if the method cannot fit the task.
    init(_ settings: Settings, task: FewShotTask) throws(Fault)
    /// The classifier before any training and any search.
    func initialClassifier() throws(Fault) -> Classifier
    /// Chooses the searched settings of a fitted classifier on validation.
    func search(_ classifier: Classifier, on validation: Validation, by kind: SearchKind) throws(Fault) -> SearchResult
}

/// The name of a method, and what it needs and reads.
public struct MethodTraits: Sendable {
    /// The name in options, files and reports.
    public let name: String
    /// One sentence for lists of methods.
    public let summary: String
    /// The source of the implementation.
    public var origin = MethodOrigin.publishedCode
    /// Whether the method requires text features.
    public var needsText = true
    /// The items that it fits.
    package var fits = Fitting.shots
    /// The settings that a search chooses, by name.
    package var searched: [String] = []
    /// The choice of the epoch in the published code; nil for a method without training.
    package var epoch: PublishedChoice?
    /// The validation items of the published code.
    package var validation = PublishedValidation()
    /// Whether the lengths of image features, as the encoder gave them, change the result.
    package var readsImageLengths = false
    /// Whether the lengths of text features, as the encoder gave them, change the result.
    package var readsTextLengths = false
    /// Whether the result depends on the order of the classes.
    package var readsClassOrder = false
}

/// The items that a method fits.
package enum Fitting: Sendable {
    /// The few labeled items.
    case shots
    /// All training items, without their labels.
    case unlabelled
    /// No items.
    case nothing
}

/// The choice of the epoch in a method's published code; results that choose on test say `selected on test`.
package enum PublishedChoice: Sendable, Equatable {
    /// The first epoch with the best test accuracy; α and β are searched with its weights.
    case bestEpochReloaded
    /// The best test accuracy of any epoch; α and β are searched with the last epoch's weights.
    case bestEpochNoted
    /// The last epoch: nothing is chosen on test.
    case lastEpoch
    /// The last epoch, without any use of validation by design.
    case lastEpochByDesign
    /// The epoch with the best validation accuracy: nothing is chosen on test where there is a val subset.
    case bestValidationEpoch(ofEquals: TieRule)

    /// Whether the choice uses test accuracies.
    package var isOnTest: Bool { self == .bestEpochReloaded || self == .bestEpochNoted }
}

/// The validation items of a method's published code, which `paper` uses.
package struct PublishedValidation: Sendable {
    /// The number of validation items with K shots.
    package enum Size: Sendable {
        /// The whole subset.
        case whole
        /// K per class.
        case shots
        /// min(K, 4) per class.
        case atMostFour
    }

    /// The subset that validation items come from where there is no val subset, as for ImageNet.
    package enum Substitute: Sendable {
        /// Test: `selected on test`.
        case test
        /// Items of train that are not in the few-shot sample.
        case train
    }

    /// The number of validation items.
    package var size = Size.whole
    /// The subset that replaces a missing val subset.
    package var substitute = Substitute.test
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
    /// The settings whose chosen value is at the end of the searched range.
    public var ends: [SearchEnd] = []
}

extension AdapterMethod {
    /// The name in options, files and reports.
    public static var name: String { traits.name }
    /// One sentence for lists of methods.
    public static var summary: String { traits.summary }
    /// Whether the method requires text features.
    public static var needsText: Bool { traits.needsText }
    package static var fitsTo: Fitting { traits.fits }
    /// The settings that a search chooses, by name.
    package static var searchedSettings: [String] { traits.searched }
    package static var isSearched: Bool { !traits.searched.isEmpty }
    package static var readsTextLengths: Bool { traits.readsTextLengths }
    package static var publishedEpoch: PublishedChoice? { traits.epoch }
    package static var publishedValidation: PublishedValidation { traits.validation }
    /// The source of the implementation.
    public static var origin: MethodOrigin { traits.origin }
    /// Whether the epoch is chosen on validation if the protocol says so.
    package static var choosesEpoch: Bool { traits.epoch != nil && traits.epoch != .lastEpochByDesign }

    /// The row of the data set in the table of published settings; empty if there is none.
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        publishedSettings(of: name, for: dataset)
    }

    /// No difference from the defaults.
    public static var publishedDefaults: [String: SettingValue] { [:] }

    /// No choice but the settings.
    public static func publishedGrid(images: Int, prompts: Int) -> [[String: SettingValue]] { [[:]] }

    /// No proposals.
    public static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]] { [] }

    /// Chooses nothing, and measures the accuracy.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        try validation.result(classifier, chosen: [:])
    }

    /// The text features of a method that requires them.
    static func requiredText(_ task: FewShotTask) throws(Fault) -> ClassText {
        guard let text = task.text else {
            let others = methodsWithoutText.joined(separator: ", ")
            throw .badData(
                "text.h5", found: "no text features", expected: "at least one prompt per class for \(name)",
                remedy: "import text features with \(option: "text"), or train a method without: \(others)")
        }
        return text
    }
}

/// A method whose α and β are searched once its keys are fitted.
package protocol CacheMethod: AdapterMethod {
    /// The β and α that a search covers.
    var searchSpace: SearchSpace { get }
}

extension CacheMethod {
    /// Chooses the α and β of the cache.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        try validation.search(classifier, searchSpace, by: kind)
    }
}
