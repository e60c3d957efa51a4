public import Core

/// What checking every byte of some feature files found.
public struct Verification: Codable, Sendable {
    /// One thing that was checked.
    public struct Finding: Codable, Sendable {
        public let check: String
        public let isSound: Bool
        public let detail: String

        init(_ check: String, _ isSound: Bool, _ detail: String) {
            (self.check, self.isSound, self.detail) = (check, isSound, detail)
        }
    }

    /// What was found in a file, or in what files share.
    public struct Report: Codable, Sendable {
        public let path: String
        public let findings: [Finding]
    }

    public let reports: [Report]

    /// Whether nothing is wrong.
    public var isSound: Bool { reports.allSatisfy { $0.findings.allSatisfy(\.isSound) } }

    /// Checks the file, or every part in the folder, at `path`; damage is a finding, not a fault.
    ///
    /// - Parameters:
    ///   - path: a feature file or folder.
    ///   - images: the folder that the items' paths start from, where the images are to be read again and compared.
    ///   - progress: takes items done and items in all of each file; what it throws ends the work.
    /// - Throws: `noInput` if there is nothing at `path`; what `progress` throws.
    public init(of path: String, images: String? = nil, progress: Progress = { _, _ in }) throws(Fault) {
        let places = try featureFiles(at: path)
        var reports: [Report] = []
        for place in places {
            var findings = try Self.check(place, progress)
            if let images, findings.allSatisfy(\.isSound) {
                findings += try ImageComparison.findings(FeatureFile(path: place), folder: images, progress)
            }
            reports.append(Report(path: place, findings: findings))
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

    private static func check(_ path: String, _ progress: Progress) throws(Fault) -> [Finding] {
        do throws(Fault) {
            let file = try FeatureFile(path: path)
            let shape = "\(file.count) x \(file.views) x \(file.width) \(file.type), \(file.classes.count) classes"
            return [Finding("seal and shapes", true, "\(file.form) \(file.part), \(shape)")]
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
            digests = try file.accompaniment().digests
            findings.append(Finding("checksums", true, "every block is what was written"))
        } catch {
            guard error.isAboutContent else { throw error }
            return [Finding("checksums", false, error.description)]
        }
        digests["features"] = hasher.finish()
        let wrong = digests.keys.filter { digests[$0] != file.seal.digests[$0] }.sorted()
        findings.append(
            Finding(
                "digests", wrong.isEmpty,
                wrong.isEmpty ? "\(digests.count) of \(digests.count) SHA-256 agree" : "other content in \(wrong)"))
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

    private static func rows(_ check: String, _ count: Int, _ places: [String], _ what: String) -> Finding {
        guard count > 0 else { return Finding(check, true, "no \(what)") }
        return Finding(check, false, "\(count) \(what), first \(places.joined(separator: "; "))")
    }

    /// Labels, and names that should differ.
    private static func names(_ file: borrowing FeatureFile) throws(Fault) -> [Finding] {
        var findings: [Finding] = []
        do throws(Fault) {
            if file.part == .text {
                findings.append(Finding("prompts", true, "\(try file.kinds().count) of each class"))
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
        let double = names.first { !seen.insert($0).inserted }
        return Finding(check, double == nil, double.map { "'\($0)' comes twice" } ?? "\(names.count), all different")
    }

    /// The findings as lines for a reader.
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
