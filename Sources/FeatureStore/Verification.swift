public import Core

/// The result of verifying every byte of one or more feature files.
public struct Verification: Codable, Sendable {
    /// The result of one check.
    public struct Finding: Codable, Sendable {
        /// The name of the check.
        public let check: String
        /// Whether the check passed.
        public let isSound: Bool
        /// The details as text.
        public let detail: String
        /// Whether the details deserve attention, although nothing is damaged.
        public let isNote: Bool

        /// Creates the result of `check`.
        public init(_ check: String, _ isSound: Bool, _ detail: String, isNote: Bool = false) {
            self.check = check
            self.isSound = isSound
            self.detail = detail
            self.isNote = isNote
        }
    }

    /// The findings on one file, or on what the files of a folder share.
    public struct Report: Codable, Sendable {
        /// The path of the file or folder.
        public let path: String
        /// The results of the checks.
        public internal(set) var findings: [Finding]
        /// Whether nothing is wrong.
        public var isSound: Bool { findings.allSatisfy(\.isSound) }
    }

    /// The findings on each file, and then on what the files of a folder share.
    public private(set) var reports: [Report]

    /// Whether nothing is wrong.
    public var isSound: Bool { reports.allSatisfy(\.isSound) }

    /// Verifies the file, or every file of the folder, at `path`; damage is a finding, not an error.
    ///
    /// - Throws: `noInput` if there is nothing at `path`, errors of `progress`, which counts the items of each file.
    public init(of path: String, progress: Progress = { _, _ in }) throws(Fault) {
        reports = []
        var sums: [ItemSums] = []
        for place in try featureFiles(at: path) {
            reports.append(Report(path: place, findings: try Self.check(place, &sums, progress)))
        }
        guard FileKind(at: path) == .folder else { return }
        let findings = try Self.findings("agreement") { () throws(Fault) in
            let folder = try FeatureFolder(path: path)
            let missing = folder.missing.map(\.fileName).joined(separator: ", ")
            let agreement = "width \(folder.width), \(folder.classes.count) classes"
            let leaks = try ItemSums.leaks(among: sums)
            return [
                Finding("agreement", true, agreement + (missing.isEmpty ? "" : "; no \(missing)")),
                Finding(
                    "shared rows", true, leaks.isEmpty ? "no row is in two files" : leaks.joined(separator: "; "),
                    isNote: !leaks.isEmpty),
            ]
        }
        reports.append(Report(path: path, findings: findings))
    }

    /// Adds the findings of a further check to the report on each file that is sound so far.
    public mutating func add(_ check: (borrowing FeatureFile) throws(Fault) -> [Finding]) throws(Fault) {
        for index in reports.indices where reports[index].isSound && FileKind(at: reports[index].path) != .folder {
            reports[index].findings += try check(FeatureFile(path: reports[index].path))
        }
    }

    /// Returns the findings of `body`, or the finding that `check` failed if the content is damaged or missing.
    private static func findings(
        _ check: String, _ body: () throws(Fault) -> [Finding]
    ) throws(Fault) -> [Finding] {
        do throws(Fault) { return try body() } catch {
            guard error.isAboutContent else { throw error }
            return [Finding(check, false, error.description)]
        }
    }

    /// Checks a file, and adds the checksums of its items.
    private static func check(
        _ path: String, _ sums: inout [ItemSums], _ progress: Progress
    ) throws(Fault) -> [Finding] {
        try findings("seal and shapes") { () throws(Fault) in
            let file = try FeatureFile(path: path)
            let shape = "\(file.count) x \(file.views) x \(file.width) \(file.type), \(file.classes.count) classes"
            return [Finding("seal and shapes", true, "\(file.seal.form.title) \(file.part), \(shape)")]
                + (try check(file, &sums, progress))
        }
    }

    private static func check(
        _ file: borrowing FeatureFile, _ sums: inout [ItemSums], _ progress: Progress
    ) throws(Fault) -> [Finding] {
        var scan = RowScan(file.layout.shape)
        var hasher = Digest.Hasher()
        var digests: [String: Digest] = [:]
        var findings = try Self.findings("checksums") { () throws(Fault) in
            try file.forEachPiece { items, bytes throws(Fault) in
                if items.lowerBound == 0 { try progress(0, file.count) }
                hasher.update(bytes)
                try scan.add(bytes)
                try progress(items.upperBound, file.count)
            }
            digests = try file.sideData().digests
            return [Finding("checksums", true, "all blocks match")]
        }
        guard findings.allSatisfy(\.isSound) else { return findings }
        digests["features"] = hasher.finish()
        let wrong = digests.keys.filter { digests[$0] != file.seal.digests[$0] }.sorted()
        let digestWords = wrong.isEmpty ? "all \(digests.count) SHA-256 digests match" : "mismatch in \(wrong)"
        findings += [
            Finding("digests", wrong.isEmpty, digestWords),
            rows("finite values", scan.nonFiniteCount, scan.nonFinite, "rows with infinite or undefined values"),
            rows("zero rows", scan.zeroCount, scan.zero, "rows of zeros"),
        ]
        let norms = scan.norms
        if file.isNormalized {
            let isUnit = norms.minimum > 0.98 && norms.maximum < 1.02
            findings.append(Finding("unit rows", isUnit, "norms \(norms.minimum) to \(norms.maximum)"))
        }
        findings += try names(file) + [distinct("class names", file.classes)]
        return try findings + equalRows(file, scan, &sums)
    }

    /// Compares the rows of a file with each other.
    private static func equalRows(
        _ file: borrowing FeatureFile, _ scan: RowScan, _ sums: inout [ItemSums]
    ) throws(Fault) -> [Finding] {
        guard scan.nonFiniteCount == 0, scan.zeroCount == 0 else { return [] }
        var found: ItemSums?
        let findings = try findings("equal rows") { () throws(Fault) in
            let own = try ItemSums(file, rowSums: scan.sums)
            found = own
            let repetition = try own.repetition()
            let nothing = file.part == .text ? "no two classes are equal" : "no two rows are equal"
            return [Finding("equal rows", true, repetition ?? nothing, isNote: repetition != nil)]
        }
        if let found { sums.append(found) }
        return findings
    }

    private static func rows(_ check: String, _ count: Int, _ first: [String], _ what: String) -> Finding {
        guard count > 0 else { return Finding(check, true, "no \(what)") }
        return Finding(check, false, "\(count) \(what), first \(first.joined(separator: "; "))")
    }

    /// Checks the prompts, or the labels and the uniqueness of the items' names.
    private static func names(_ file: borrowing FeatureFile) throws(Fault) -> [Finding] {
        try findings(file.part == .text ? "prompts" : "labels") { () throws(Fault) in
            guard file.part != .text else { return [Finding("prompts", true, "\(try file.kinds().count) per class")] }
            let used = Set(try file.labels()).count
            return [
                Finding("labels", true, "\(used) of \(file.classes.count) classes have items"),
                distinct("ids", try file.ids()),
            ]
        }
    }

    private static func distinct(_ check: String, _ names: [String]) -> Finding {
        var seen: Set<String> = []
        let duplicate = names.first { !seen.insert($0).inserted }
        let words = duplicate.map { "'\($0)' appears twice" } ?? "\(names.count), all different"
        return Finding(check, duplicate == nil, words)
    }

    /// The findings as text.
    public var page: String {
        reports.map { report in
            let lines = report.findings.map { finding in
                let result = !finding.isSound ? "WRONG" : finding.isNote ? "note " : "ok   "
                return ("\(result) \(finding.check)", finding.detail)
            }
            return "\(report.path)\n" + aligned(lines)
        }.joined()
    }
}

/// Returns a line of text per row, with the second column aligned.
func aligned(_ rows: [(String, String)]) -> String {
    let column = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { "  \($0)\(String(repeating: " ", count: column - $0.count))\($1)\n" }.joined()
}
