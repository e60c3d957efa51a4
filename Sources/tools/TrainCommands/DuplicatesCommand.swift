internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting
internal import Studies

/// Finds images that several subsets share.
struct DuplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates", abstract: "Find images that several subsets of a feature folder share, or nearly.",
        discussion: """
            Compares the plain view of each item with those of the other subsets. Pairs of equal image files come \
            first, then pairs of equal features, then those whose cosine is at least --threshold. Cosines of different \
            images depend on the encoder; look at some pairs before you choose a lower threshold.
            """)

    @Argument(help: "A feature folder.", completion: .directory)
    var features: String

    @Option(help: "The least cosine of two features to list.")
    var threshold: Float = 0.98

    @OptionGroup var findings: FindingOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        let pairs = try NearDuplicate.all(in: features, threshold: threshold)
        try findings.print(pairs, rows: Self.rows(pairs), page: page(pairs))
    }

    private func page(_ pairs: [NearDuplicate]) -> String {
        let equal = pairs.count { $0.kind != .cosine }
        return "\(pairs.count) pairs across subsets: \(equal) equal, \(pairs.count - equal) with a cosine of "
            + "\(threshold) or more\n" + findings.list(pairs.map(Self.line))
    }

    private static func line(_ pair: NearDuplicate) -> String {
        let labels = pair.label == pair.other_label ? pair.label : "\(pair.label) and \(pair.other_label)"
        let evidence =
            switch pair.kind {
            case .image: "equal images"
            case .features: "equal features"
            case .cosine: decimal(Double(pair.cosine), 4)
            }
        return "\(pair.subset.rawValue) \(pair.item), \(pair.other_subset.rawValue) \(pair.other): "
            + "\(evidence), \(labels)"
    }

    private static func rows(_ pairs: [NearDuplicate]) -> [[String]] {
        let head = ["item", "subset", "label", "other", "other_subset", "other_label", "cosine", "kind"]
        let rows = pairs.map { pair in
            [
                pair.item, pair.subset.rawValue, pair.label, pair.other, pair.other_subset.rawValue, pair.other_label,
                "\(pair.cosine)", pair.kind.rawValue,
            ]
        }
        return [head] + rows
    }
}
