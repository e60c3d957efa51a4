public import Core
public import Studies

/// The results of a report without duplicates.
public struct ResultSet: Sendable {
    /// The results, sorted.
    public private(set) var runs: [ReportedRun] = []
    /// Notes on omitted results.
    public private(set) var notes: [String] = []

    /// Reads result files; a folder stands for its `results.jsonl`.
    ///
    /// If `features` is not empty, includes only runs on feature folders of these names.
    ///
    /// - Throws: `badData` for an invalid line, or for conflicting runs with different settings.
    public init(reading paths: [String], features: [String] = []) throws(Fault) {
        var seen: Set<String> = []
        for path in paths {
            let file = FileKind(at: path) == .folder ? path.appending(path: "results.jsonl") : path
            let all = try Self.runs(of: file).filter { features.isEmpty || features.contains($0.line.folder) }
            for run in latest(all, file) where seen.insert(run.identity).inserted { runs.append(run) }
        }
        try checkConflicts()
        runs.sort { $0.order.lexicographicallyPrecedes($1.order) }
    }

    /// Returns the results of one protocol only.
    public func filtered(_ selection: SelectionProtocol?) -> ResultSet {
        guard let selection else { return self }
        var kept = self
        kept.runs = runs.filter { $0.line.protocol == selection }
        return kept
    }

    private static func runs(of file: String) throws(Fault) -> [ReportedRun] {
        let folder = parentFolder(of: file)
        return try ResultLine.lines(of: file).map { ReportedRun(line: $0, root: folder) }
    }

    /// Omits results that were replaced by a later run in the same folder.
    private mutating func latest(_ runs: [ReportedRun], _ file: String) -> [ReportedRun] {
        var last: [String: Digest] = [:]
        for run in runs { last[run.line.key] = run.line.identity }
        let latest = runs.filter { last[$0.line.key] == $0.line.identity }
        let replaced = Set(runs.map(\.identity)).count - Set(latest.map(\.identity)).count
        if replaced > 0 {
            notes.append(
                "\(lastComponent(of: file)): \(counted(replaced, "result")) left out, trained again with other settings"
            )
        }
        return latest
    }

    /// Rejects two runs that would be one number of a table but differ in settings or inputs.
    private func checkConflicts() throws(Fault) {
        var first: [String: ReportedRun] = [:]
        for run in runs {
            guard let other = first.updateValue(run, forKey: run.cell) else { continue }
            throw .badData(
                run.folder,
                found: "a run of \(run.line.method) on \(run.line.dataset) with the shots, seed, and protocol of "
                    + "\(other.folder), but different settings or inputs",
                expected: "one result each", remedy: "report the two separately, by file or with \(option: "features")")
        }
    }
}
