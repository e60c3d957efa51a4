/// Which part of a data set a feature file holds.
public enum Part: String, Codable, Sendable, CaseIterable {
    case train, val, test, text
}
