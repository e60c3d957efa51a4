public import ArgumentParser
internal import Command
internal import Core
public import Reporting
public import Studies

// The libraries' words as arguments.
extension SelectionProtocol: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}

/// What a report is about.
struct ResultArguments: ParsableArguments {
    @Argument(help: "Files of results, or the folders that hold a results.jsonl.", completion: .file())
    var results: [String]

    @Option(name: .customLong("protocol"), help: "Only results under this protocol: val, fixed or paper.")
    var selection: SelectionProtocol?

    @Option(help: "Only results on the feature folder of this name. May be repeated.")
    var features: [String] = []

    /// Reads the results, and says what was left out.
    func read() throws -> ResultSet {
        let set = try ResultSet(reading: results, features: features).filtered(selection)
        set.notes.forEach { printMessage("note: \($0)") }
        guard !set.runs.isEmpty else {
            throw Fault(
                .noInput, results[0], found: "no results\(selection.map { " under protocol \($0.rawValue)" } ?? "")",
                expected: "some", remedy: "train first, or leave out --protocol and --features")
        }
        return set
    }
}

/// Writes a report to a file, or to stdout for `-`.
func writeReport(_ text: String, to output: String, replacing: Bool) throws {
    guard output != "-" else { return printResult(text) }
    let isNew = try ReportFile.publish(text, to: output, replacing: replacing)
    printMessage("\(output): \(isNew ? "written" : "unchanged")")
}
