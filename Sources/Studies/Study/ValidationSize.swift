/// The number of validation items that epochs and settings are chosen on.
public enum ValidationSize: String, Sendable, CaseIterable {
    /// min(K, 4) per class.
    case fewShot = "few-shot"
    /// The whole val subset.
    case full
}
