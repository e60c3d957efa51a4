public import ArgumentParser
internal import Command
internal import Core
public import Reporting
public import Studies

// Allow the libraries' enums as arguments.
extension SelectionProtocol: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}

/// The options that select the results of a report.
struct ResultArguments: ParsableArguments {
    @Argument(help: "Result files, or folders with a results.jsonl.", completion: .file())
    var results: [String]

    @Option(name: .customLong("protocol"), help: "Include only results of this protocol: val, fixed, or paper.")
    var selection: SelectionProtocol?

    @Option(help: "Include only results on the feature folder of this name. May be repeated.")
    var features: [String] = []

    /// Reads the results and prints notes about skipped ones.
    func read() throws -> ResultSet {
        let set = try ResultSet(reading: results, features: features).filtered(selection)
        set.notes.forEach { printMessage("note: \($0)") }
        guard !set.runs.isEmpty else {
            throw Fault(
                .noInput, results[0], found: "no results\(selection.map { " under protocol \($0.rawValue)" } ?? "")",
                expected: "at least one", remedy: "train first, or omit --protocol and --features")
        }
        return set
    }
}

/// Writes a report to a file, or to stdout if `output` is `-`.
func writeReport(_ text: String, to output: String, replacing: Bool, json: Bool = false) throws {
    guard output != "-" else { return printResult(text) }
    let isNew = try ReportFile.publish(text, to: output, replacing: replacing)
    let outcome = isNew ? "written" : "unchanged"
    if json { return printResult(JSONDocument.page(["path": output, "outcome": outcome])) }
    printMessage("\(output): \(outcome)")
}
