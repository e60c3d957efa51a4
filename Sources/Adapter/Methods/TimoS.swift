public import Core
internal import Kernels

/// TIMO-S: TIMO with γ and the number of prompts n chosen on validation.
///
/// γ is chosen first, by the accuracy of the guided texts alone, among 5, 10, ... 100; then n, among ten numbers from 1
/// to 2P, together with α. Li et al., AAAI 2025; `models.py` and `utils.py`. One product with all prompts serves every
/// n.
public struct TimoS: AdapterMethod {
    public typealias Settings = Timo.Settings

    public static let name = "timo-s"
    public static let summary = "TIMO with the prompts' sharpness and number chosen on validation"
    public static let needsText = true
    public static let isSearched = true

    private let settings: Settings
    private let guided: GuidedTexts

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        guided = try GuidedTexts(task.requiredSupport(Self.name), Self.requiredText(task))
        self.settings = settings
    }

    /// The settings where nothing is chosen.
    public static let publishedSettings = Timo.publishedSettings

    /// The classifier of TIMO with these settings.
    public func initialClassifier() -> Classifier {
        let count = settings.prompts > 0 ? settings.prompts : guided.promptCount
        return GuidedClassifier(
            text: guided.text(gamma: settings.gamma), discriminants: guided.discriminants(promptCount: count)
        ).classifier(alpha: settings.alpha)
    }

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        var candidates: [(chosen: [String: SettingValue], classifier: Classifier)] = []
        for gamma in stride(from: 5, through: 100, by: 5) {
            let text = guided.text(gamma: Float(gamma))
            candidates.append((["gamma": .number(Double(gamma))], Classifier(text, classCount: text.classCount)))
        }
        var chosen = try validation.best(of: candidates)
        guard let text = chosen.classifier[TextTerm.self] else { return chosen }
        let counts = promptCounts
        var best: (choice: WeightChoice, candidate: GuidedClassifier, count: Int)?
        for (count, discriminants) in zip(counts, guided.discriminants(promptCounts: counts)) {
            let candidate = GuidedClassifier(text: text, discriminants: discriminants)
            let choice = try candidate.alpha(on: validation, by: kind)
            if let best, !choice.exceeds(best.choice) { continue }
            best = (choice, candidate, count)
        }
        guard let best else { return chosen }
        let alpha = Float(best.choice.weight)
        chosen.classifier = best.candidate.classifier(alpha: alpha)
        chosen.chosen["prompts"] = .number(Double(best.count))
        chosen.chosen["alpha"] = .number(rounded(alpha))
        chosen.accuracy = try validation.score(chosen.classifier).accuracy
        return chosen
    }

    /// `1 + ⌊k(2P − 1)/9⌋` for k from 0 to 9.
    private var promptCounts: [Int] { (0 ..< 10).map { 1 + $0 * (2 * guided.promptCount - 1) / 9 } }
}
