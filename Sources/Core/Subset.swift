/// A subset of a data set's items: for training, for choosing settings, or for the reported accuracy.
public enum Subset: String, Codable, Sendable, CaseIterable {
    case train, val, test
}
