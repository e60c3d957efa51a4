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

        public init(_ check: String, _ isSound: Bool, _ detail: String) {
            self.check = check
            self.isSound = isSound
            self.detail = detail
        }
    }

    /// The findings on one file, or on what the files of a folder share.
    public struct Report: Codable, Sendable {
        /// The path of the file or folder.
        public let path: String
        public internal(set) var findings: [Finding]
        /// Whether nothing is wrong.
        public var isSound: Bool { findings.allSatisfy(\.isSound) }
    }

    public private(set) var reports: [Report]

    /// Whether nothing is wrong.
    public var isSound: Bool { reports.allSatisfy(\.isSound) }

    /// Verifies the file, or every file of the folder, at `path`; damage is a finding, not an error.
    ///
    /// - Parameters:
    ///   - path: a feature file or folder.
    ///   - progress: takes items done and items in all of each file; what it throws ends the work.
    /// - Throws: `noInput` if there is nothing at `path`; what `progress` throws.
    public init(of path: String, progress: Progress = { _, _ in }) throws(Fault) {
        let places = try featureFiles(at: path)
        var reports: [Report] = []
        for place in places {
            reports.append(Report(path: place, findings: try Self.check(place, progress)))
        }
        if FileKind(at: path) == .folder {
            do throws(Fault) {
                let folder = try FeatureFolder(path: path)
                let missing = folder.missing.map(\.fileName).joined(separator: ", ")
                reports.append(
                    Report(
                        path: path,
                        findings: [
                            Finding(
                                "agreement", true,
                                "width \(folder.width), \(folder.classes.count) classes"
                                    + (missing.isEmpty ? "" : "; no \(missing)"))
                        ]))
            } catch {
                // What cannot be looked at is not known to be wrong.
                guard error.isAboutContent else { throw error }
                reports.append(Report(path: path, findings: [Finding("agreement", false, "\(error)")]))
            }
        }
        self.reports = reports
    }

    /// Adds the findings of a further check to the report on each file that is sound so far.
    public mutating func add(
        _ check: (borrowing FeatureFile) throws(Fault) -> [Finding]
    ) throws(Fault) {
        for index in reports.indices where reports[index].isSound && FileKind(at: reports[index].path) != .folder {
            reports[index].findings += try check(FeatureFile(path: reports[index].path))
        }
    }

    private static func check(_ path: String, _ progress: Progress) throws(Fault) -> [Finding] {
        do throws(Fault) {
            let file = try FeatureFile(path: path)
            let shape = "\(file.count) x \(file.views) x \(file.width) \(file.type), \(file.classes.count) classes"
            return [Finding("seal and shapes", true, "\(file.seal.form.title) \(file.part), \(shape)")]
                + (try check(file, progress))
        } catch {
            guard error.isAboutContent else { throw error }
            return [Finding("seal and shapes", false, error.description)]
        }
    }

    private static func check(_ file: borrowing FeatureFile, _ progress: Progress) throws(Fault) -> [Finding] {
        var findings: [Finding] = []
        var digests: [String: Digest] = [:]
        var scan = RowScan(file.layout.shape)
        var hasher = Digest.Hasher()
        do throws(Fault) {
            try file.forEachPiece { items, bytes throws(Fault) in
                hasher.update(bytes)
                try scan.add(bytes)
                try progress(items.upperBound, file.count)
            }
            digests = try file.sideData().digests
            findings.append(Finding("checksums", true, "all blocks match"))
        } catch {
            guard error.isAboutContent else { throw error }
            return [Finding("checksums", false, error.description)]
        }
        digests["features"] = hasher.finish()
        let wrong = digests.keys.filter { digests[$0] != file.seal.digests[$0] }.sorted()
        findings.append(
            Finding(
                "digests", wrong.isEmpty,
                wrong.isEmpty ? "all \(digests.count) SHA-256 digests match" : "mismatch in \(wrong)"))
        findings += [
            Self.rows("finite values", scan.nonFiniteCount, scan.nonFinite, "rows with infinite or undefined values"),
            Self.rows("zero rows", scan.zeroCount, scan.zero, "rows of zeros"),
        ]
        let norms = scan.norms
        if file.isNormalized {
            findings.append(
                Finding(
                    "unit rows", norms.minimum > 0.98 && norms.maximum < 1.02,
                    "norms \(norms.minimum) to \(norms.maximum)"))
        }
        return try findings + names(file)
    }

    private static func rows(_ check: String, _ count: Int, _ first: [String], _ what: String) -> Finding {
        guard count > 0 else { return Finding(check, true, "no \(what)") }
        return Finding(check, false, "\(count) \(what), first \(first.joined(separator: "; "))")
    }

    /// Checks labels and the uniqueness of names.
    private static func names(_ file: borrowing FeatureFile) throws(Fault) -> [Finding] {
        var findings: [Finding] = []
        do throws(Fault) {
            if file.part == .text {
                findings.append(Finding("prompts", true, "\(try file.kinds().count) per class"))
            } else {
                let labels = try file.labels()
                let used = Set(labels).count
                findings.append(Finding("labels", true, "\(used) of \(file.classes.count) classes have items"))
                findings.append(distinct("ids", try file.ids()))
            }
        } catch {
            guard error.isAboutContent else { throw error }
            findings.append(Finding(file.part == .text ? "prompts" : "labels", false, error.description))
        }
        findings.append(distinct("class names", file.classes))
        return findings
    }

    private static func distinct(_ check: String, _ names: [String]) -> Finding {
        var seen: Set<String> = []
        let duplicate = names.first { !seen.insert($0).inserted }
        return Finding(
            check, duplicate == nil, duplicate.map { "'\($0)' appears twice" } ?? "\(names.count), all different")
    }

    /// The findings as text.
    public var page: String {
        reports.map { report in
            let column = (report.findings.map(\.check.count).max() ?? 0) + 2
            return "\(report.path)\n"
                + report.findings.map { finding in
                    let space = String(repeating: " ", count: column - finding.check.count)
                    return "  \(finding.isSound ? "ok   " : "WRONG") \(finding.check)\(space)\(finding.detail)\n"
                }.joined()
        }.joined()
    }
}
