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

    @Option(help: "The most pairs to print.")
    var limit = 50

    @Option(help: "Write CSV to a file, or with - to standard output.", completion: .file())
    var csv: String?

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit: found \(limit), expected 1 or more.") }
        guard !printing.json || csv != "-" else {
            throw ValidationError("found two formats for standard output, expected one of --json, --csv -")
        }
    }

    func run() throws {
        threads.apply()
        let pairs = try NearDuplicate.all(in: features, threshold: threshold)
        let table = Self.table(pairs)
        if let csv, csv != "-" { try PublishedFile.publish(table, to: csv) }
        if csv == "-" { return printResult(table) }
        printing.print(pairs, page: page(pairs))
    }

    private func page(_ pairs: [NearDuplicate]) -> String {
        let equal = pairs.count { $0.kind != .cosine }
        var page =
            "\(pairs.count) pairs across subsets: \(equal) equal, \(pairs.count - equal) with a cosine of "
            + "\(threshold) or more\n"
        for pair in pairs.prefix(limit) {
            let labels = pair.label == pair.other_label ? pair.label : "\(pair.label) and \(pair.other_label)"
            let evidence =
                switch pair.kind {
                case .image: "equal images"
                case .features: "equal features"
                case .cosine: decimal(Double(pair.cosine), 4)
                }
            page +=
                "  \(pair.subset.rawValue) \(pair.item), \(pair.other_subset.rawValue) \(pair.other): "
                + "\(evidence), \(labels)\n"
        }
        if pairs.count > limit { page += "  and \(pairs.count - limit) more, with --limit or --csv FILE\n" }
        return page
    }

    private static func table(_ pairs: [NearDuplicate]) -> String {
        let head = ["item", "subset", "label", "other", "other_subset", "other_label", "cosine", "kind"]
        let rows = pairs.map { pair in
            [
                pair.item, pair.subset.rawValue, pair.label, pair.other, pair.other_subset.rawValue, pair.other_label,
                "\(pair.cosine)", pair.kind.rawValue,
            ]
        }
        return ([head] + rows).map(csvLine).joined()
    }
}
