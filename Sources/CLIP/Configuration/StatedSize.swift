internal import Core

/// A size that a configuration file states.
struct StatedSize: Sendable {
    enum Kind: Sendable {
        /// The size itself, or one per stage.
        case sizes([Int])
        /// A factor of the tower's width, of whose product the fraction is dropped.
        case factor(Double)
    }

    let path: String
    /// The setting's name in the file, such as `vision_cfg.layers`.
    let name: String
    let kind: Kind

    /// The size as a single number; nil for several, or a factor.
    var size: Int? { if case .sizes(let sizes) = kind, sizes.count == 1 { sizes[0] } else { nil } }

    /// Compares the size with that of the weights, which is `found` in a tower of `width`.
    ///
    /// - Throws: `badData` with both numbers if they differ.
    func check(_ found: [Int], width: Int = 0) throws(Fault) {
        let isEqual =
            switch kind {
            case .sizes(let sizes): sizes == found
            case .factor(let factor): Int(exactly: (factor * Double(width)).rounded(.towardZero)) == found.first
            }
        guard isEqual else { throw contradiction(found, width: width) }
    }

    /// The fault of a size that is `found` in the weights.
    func contradiction(_ found: [Int], width: Int = 0) -> Fault {
        fault(
            expected: "\(listed(found)), the size of the weights", width: width,
            remedy: "put the configuration beside the weights that belongs to them")
    }

    /// The fault of a size that cannot be used.
    func fault(expected: String, width: Int = 0, remedy: Remedy = "correct the file") -> Fault {
        let stated =
            switch kind {
            case .sizes(let sizes): listed(sizes)
            case .factor(let factor): "\(ConfigurationValue.number(factor)) times \(width)"
            }
        return .badData(path, found: "\(name) of \(stated)", expected: expected, remedy: remedy)
    }

    private func listed(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: ", ") }
}
