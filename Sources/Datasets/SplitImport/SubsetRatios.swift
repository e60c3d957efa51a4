public import Core
public import Splits

/// The ratios for dividing the items of each class into subsets.
public struct SubsetRatios: Sendable, Equatable {
    /// The ratio of items to choose settings on.
    public let val: Double
    /// The ratio of items to test on.
    public let test: Double
    /// The seed of the order in which items are assigned.
    public let seed: Int

    /// A tenth to choose settings on and a fifth to test on.
    public static let standard = SubsetRatios(val: 0.1, test: 0.2, seed: 1)
}

extension SubsetRatios {
    /// The given ratios; nil stands for the value in `standard`.
    ///
    /// - Throws: `usage` for ratios that leave nothing to train on.
    public init(val: Double?, test: Double?, seed: Int?, standard: SubsetRatios = .standard) throws(Fault) {
        self.init(val: val ?? standard.val, test: test ?? standard.test, seed: seed ?? standard.seed)
        let names: [OptionName] = ["val", "test"]
        for (name, ratio) in zip(names, [self.val, self.test]) where !(0 ..< 1).contains(ratio) {
            throw Fault(
                .usage, option: name, found: "\(ratio)",
                expected: "a ratio of at least 0 and less than 1, such as 0.1", remedy: "choose another ratio")
        }
        guard self.val + self.test < 1 else {
            throw Fault(
                .usage, "\(names[0]) and \(names[1])",
                found: "\(self.val) and \(self.test), which leave nothing to train on",
                expected: "ratios whose sum is less than 1", remedy: "choose smaller ratios")
        }
    }

    /// The ratios by which `split` was divided; nil if it was made in another way.
    public init?(of split: Split) {
        let settings = split.provenance.settings
        guard let val = settings["val"].flatMap(Double.init), let test = settings["test"].flatMap(Double.init),
            let seed = settings["seed"].flatMap({ Int($0) }),
            let ratios = try? SubsetRatios(val: val, test: test, seed: seed, standard: .standard)
        else { return nil }
        self = ratios
    }

    /// The ratios and seed in the provenance.
    ///
    /// Splits without `division` were shuffled class by class, from one generator for all classes.
    var record: [String: String] { ["val": "\(val)", "test": "\(test)", "seed": "\(seed)", "division": "by hash"] }
}
