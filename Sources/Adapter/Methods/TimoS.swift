public import Core

/// TIMO-S: TIMO with γ and the number of prompts n chosen on validation.
///
/// γ is chosen first, by the accuracy of the guided texts alone, among 5, 10, ... 100; then n, among ten numbers from 1
/// to 2P, together with α. Li et al., AAAI 2025; `models.py` and `utils.py`.
public struct TimoS: AdapterMethod {
    /// The settings of TIMO, where nothing is chosen.
    public typealias Settings = Timo.Settings

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "timo-s", summary: "TIMO with the prompts' sharpness and number chosen on validation",
        searched: ["alpha", "gamma", "prompts"])

    private let settings: Settings
    private let guided: GuidedTexts

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        guided = try GuidedTexts(task.requiredSupport(Self.name), Self.requiredText(task))
        self.settings = settings
    }

    /// The classifier of TIMO with these settings.
    public func initialClassifier() -> Classifier { guided.classifier(settings).classifier(alpha: settings.alpha) }

    /// Chooses γ, then the number of prompts together with α.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        var sharpest: (accuracy: Double, gamma: Int, text: TextTerm)?
        for gamma in stride(from: 5, through: 100, by: 5) {
            let text = guided.text(gamma: Float(gamma))
            let accuracy = try validation.score(Classifier(text)).accuracy
            if accuracy > sharpest?.accuracy ?? -1 { sharpest = (accuracy, gamma, text) }
        }
        guard let sharpest else { preconditionFailure("no γ has an accuracy") }
        var best: (peak: Peak<Double>, candidate: GuidedClassifier, count: Int)?
        for (count, discriminants) in zip(promptCounts, guided.discriminants(promptCounts: promptCounts)) {
            let candidate = GuidedClassifier(text: sharpest.text, discriminants: discriminants)
            let peak = try candidate.alpha(on: validation, by: kind)
            if let best, !peak.exceeds(best.peak) { continue }
            best = (peak, candidate, count)
        }
        guard let best else { preconditionFailure("no number of prompts was tried") }
        let alpha = Float(best.peak.middle)
        let chosen: [String: SettingValue] = [
            "gamma": .number(Double(sharpest.gamma)), "prompts": .number(Double(best.count)),
            "alpha": .number(rounded(alpha)),
        ]
        return try validation.result(
            best.candidate.classifier(alpha: alpha), chosen: chosen,
            ends: GuidedClassifier.space.ends("alpha", best.peak.middle))
    }

    /// `1 + ⌊k(2P − 1)/9⌋` for k from 0 to 9.
    private var promptCounts: [Int] { (0 ..< 10).map { 1 + $0 * (2 * guided.promptCount - 1) / 9 } }
}
