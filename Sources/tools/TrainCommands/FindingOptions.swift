internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting

/// The options of a list of findings.
struct FindingOptions: ParsableArguments {
    @Option(help: "The most findings to print.")
    var limit = 50

    @Option(help: "Write CSV to a file, or with - to standard output.", completion: .file())
    var csv: String?

    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit: found \(limit), expected 1 or more.") }
        guard !printing.json || csv != "-" else {
            throw ValidationError("found two formats for standard output, expected one of --json, --csv -")
        }
    }

    /// Writes the CSV table `rows`, the first of which is its header, if requested, and prints `findings`.
    func print(_ findings: some Encodable, rows: [[String]], page: String) throws(Fault) {
        let table = rows.map(csvLine).joined()
        if csv == "-" { return printResult(table) }
        if let csv { try PublishedFile.publish(table, to: csv) }
        printing.print(findings, page: page)
    }

    /// The lines of the first findings, and the number of the others.
    func list(_ lines: [String]) -> String {
        let more = lines.count > limit ? ["and \(lines.count - limit) more, with --limit or --csv FILE"] : []
        return (lines.prefix(limit) + more).map { "  \($0)\n" }.joined()
    }
}
