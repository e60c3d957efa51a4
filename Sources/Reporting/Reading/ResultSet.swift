public import Core
internal import Foundation
public import Studies

/// The results that a report is about, each counted once.
public struct ResultSet: Sendable {
    /// In the order of the files and their lines.
    public private(set) var runs: [ReportedRun] = []
    /// What was left out, and why.
    public private(set) var notes: [String] = []

    /// Reads files of results; a folder stands for the `results.jsonl` in it.
    ///
    /// Where `features` names feature folders, only the runs on them count.
    ///
    /// - Throws: `badData` naming file and line of what is no result, and where two runs of one name were made
    ///   differently.
    public init(reading paths: [String], features: [String] = []) throws(Fault) {
        var seen: Set<String> = []
        for path in paths {
            let file = FileKind(at: path) == .folder ? "\(path)/results.jsonl" : path
            let present = try Self.runs(of: file).filter { features.isEmpty || features.contains($0.feature) }
            for run in standing(present, file) where seen.insert(run.identity).inserted {
                runs.append(run)
            }
        }
        try checkConflicts()
        runs.sort { $0.order < $1.order }
    }

    /// The results under one protocol only.
    public func filtered(_ selection: SelectionProtocol?) -> ResultSet {
        guard let selection else { return self }
        var kept = self
        kept.runs = runs.filter { $0.line.protocol == selection }
        return kept
    }

    private static func runs(of file: String) throws(Fault) -> [ReportedRun] {
        let folder = parentFolder(of: file)
        var runs: [ReportedRun] = []
        let text = String(decoding: try fileBytes(file), as: UTF8.self)
        for (index, text) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where text.contains(where: { !$0.isWhitespace }) {
            let place = "\(file), line \(index + 1)"
            let line = try JSONDocument.decode(
                ResultLine.self, from: Data(text.utf8), path: place, expected: "a result of a study")
            try line.check(place)
            runs.append(ReportedRun(line: line, root: folder))
        }
        return runs
    }

    /// Without what a later run in the same folder has taken the place of.
    private mutating func standing(_ runs: [ReportedRun], _ file: String) -> [ReportedRun] {
        var last: [String: Digest] = [:]
        for run in runs { last["\(run.line.run)\n\(run.task)"] = run.line.identity }
        let standing = runs.filter { last["\($0.line.run)\n\($0.task)"] == $0.line.identity }
        let gone = Set(runs.map(\.identity)).count - Set(standing.map(\.identity)).count
        if gone > 0 {
            notes.append(
                "\(lastComponent(of: file)): \(counted(gone, "result")) left out, trained again with other settings")
        }
        return standing
    }

    /// Refuses two runs that would be one number in a table, and were made differently.
    private func checkConflicts() throws(Fault) {
        var first: [String: ReportedRun] = [:]
        for run in runs {
            guard let other = first.updateValue(run, forKey: run.cell) else { continue }
            throw .badData(
                "\(run.root)/\(run.line.run)",
                found: "a run of \(run.line.method) on \(run.line.dataset) with the shots, seed and protocol of "
                    + "\(other.root)/\(other.line.run), made with other settings or inputs",
                expected: "one result for each", remedy: "report the two apart, by file or with \(option: "features")")
        }
    }
}

extension ResultLine {
    /// Refuses numbers that no run has, and a folder that lies elsewhere.
    fileprivate func check(_ place: String) throws(Fault) {
        for (name, value) in [
            ("val_accuracy", val_accuracy), ("test_accuracy", test_accuracy), ("test_top5", test_top5),
            ("test_mean_per_class", test_mean_per_class),
        ] {
            guard let value, !(0 ... 100).contains(value) else { continue }
            throw .badData(
                place, found: "\(name) \(value)", expected: "0 to 100",
                remedy: "train the run again with \(option: "replace")")
        }
        if case .count(let count) = shots, !(0 ... 1_000_000).contains(count) {
            throw .badData(place, found: "\(count) shots", expected: "0 to 1000000", remedy: "correct the file")
        }
        let parts = run.split(separator: "/", omittingEmptySubsequences: false)
        guard !run.contains("\0"), parts.allSatisfy({ !["", ".", ".."].contains($0) }) else {
            throw .badData(
                place, found: "the run '\(run)'", expected: "a folder beside the file", remedy: "correct the file")
        }
    }
}
