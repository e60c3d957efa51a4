public import Core

extension FeatureFile {
    /// One of the four files of a feature folder: the images of a subset, or the prompts.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case train, val, test, text

        /// The file with the images of `subset`.
        public init(_ subset: Subset) {
            self =
                switch subset {
                case .train: .train
                case .val: .val
                case .test: .test
                }
        }

        /// The subset whose images the file holds; nil for `text`.
        public var subset: Subset? { Subset(rawValue: rawValue) }

        /// The file's name in a feature folder.
        public var fileName: String { "\(rawValue).h5" }
    }
}
