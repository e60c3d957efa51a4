/// The data on which epochs and settings are chosen.
public enum SelectionProtocol: String, Sendable, Codable, CaseIterable {
    /// Validation: min(K, 4) items per class, or the whole subset. The test subset is read once, afterwards.
    case val
    /// Nothing: the last epoch and the given settings.
    case fixed
    /// The data that the published code chooses on. Results that are chosen on test say `selected on test`.
    case paper
}

/// The number of validation items that epochs and settings are chosen on.
public enum ValidationSize: String, Sendable, CaseIterable {
    /// min(K, 4) per class.
    case fewShot = "few-shot"
    /// The whole val subset.
    case full
}
