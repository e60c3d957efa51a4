/// The severity of a finding.
public enum CheckSeverity: String, Encodable, Sendable, Comparable, CaseIterable {
    /// There is no problem; the finding is for information.
    case fine
    /// The data can be used, but results may differ from published ones.
    case doubtful
    /// Work on the data would fail or give wrong results.
    case unusable

    /// Orders severities from fine to unusable.
    public static func < (a: CheckSeverity, b: CheckSeverity) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A kind of finding and its number of occurrences.
public struct CheckFinding: Encodable, Sendable, Equatable {
    /// The kinds of findings, the most severe first.
    public enum Kind: String, Encodable, Sendable, CaseIterable {
        case missing, unreadable, damaged, unsupported, contradictions, pathsInTrainAndTest, imagesInTrainAndTest
        case counts, emptyClasses, flawed, clipped
        case misplaced = "strangers"
        case repeatedPaths, repeatedImages, otherFormats
        case unlisted = "beyond"
        case prompts, archives, smallClasses
    }

    /// The kind.
    public let kind: Kind
    /// The severity of this finding.
    public let severity: CheckSeverity
    /// The number of occurrences.
    public let count: Int

    init(_ kind: Kind, _ count: Int, _ severity: CheckSeverity) {
        self.kind = kind
        self.count = count
        self.severity = severity
    }

    /// The finding as text, such as `3 missing items`.
    public var words: String {
        count == 1 ? "1 \(kind.facts.one)" : "\(grouped(count)) \(kind.facts.many)"
    }
}

extension CheckFinding.Kind {
    /// The severity, and the words for one occurrence and for several.
    fileprivate var facts: (severity: CheckSeverity, one: String, many: String) {
        switch self {
        case .missing: (.unusable, "missing item", "missing items")
        case .unreadable: (.unusable, "file that is not an image", "files that are not images")
        case .damaged: (.unusable, "damaged image", "damaged images")
        case .unsupported: (.unusable, "image in an unsupported format", "images in unsupported formats")
        case .contradictions: (.unusable, "path with two classes", "paths with two classes")
        case .pathsInTrainAndTest: (.unusable, "path in both train and test", "paths in both train and test")
        case .imagesInTrainAndTest: (.unusable, "image in both train and test", "images in both train and test")
        case .counts:
            (.doubtful, "count that differs from the published one", "counts that differ from the published ones")
        case .emptyClasses: (.doubtful, "class without items", "classes without items")
        case .flawed: (.doubtful, "image that decodes with a warning", "images that decode with a warning")
        case .clipped:
            (
                .doubtful, "image with gray values of more than 8 bits", "images with gray values of more than 8 bits"
            )
        case .misplaced: (.doubtful, "item in another class's folder", "items in other classes' folders")
        case .repeatedPaths: (.doubtful, "repeated path", "repeated paths")
        case .repeatedImages: (.doubtful, "repeated image", "repeated images")
        case .otherFormats: (.doubtful, "file with another format's suffix", "files with another format's suffix")
        case .unlisted: (.doubtful, "file outside the split", "files outside the split")
        case .prompts:
            (
                .doubtful, "prompt choice that does not match the classes",
                "prompt choices that do not match the classes"
            )
        case .archives: (.fine, "item in an archive", "items in archives")
        case .smallClasses: (.fine, "small class", "small classes")
        }
    }
}

extension CheckReport {
    /// Whether the counts are those of a published split.
    var isPublished: Bool { comparedWith.contains(.catalog) && countDifferences.isEmpty }

    /// Sets the findings, and the verdict to the highest severity among them.
    mutating func judge() {
        let counts: [(CheckFinding.Kind, Int)] = [
            (.missing, missing.items), (.unreadable, unreadable.count), (.damaged, damaged.count),
            (.unsupported, unsupported.count), (.contradictions, contradictions.count),
            (.pathsInTrainAndTest, repeatedPaths.count(where: \.isInTrainAndTest)),
            (.imagesInTrainAndTest, repeatedImages.count(where: \.isInTrainAndTest)),
            (.counts, countDifferences.count), (.emptyClasses, emptyClasses.count), (.flawed, flawed.count),
            (.clipped, clipped.count), (.misplaced, misplaced.count),
            (.repeatedPaths, repeatedPaths.count { !$0.isInTrainAndTest }),
            (.repeatedImages, repeatedImages.count { !$0.isInTrainAndTest }), (.otherFormats, otherFormats.count),
            (.unlisted, unlisted.reduce(0) { $0 + $1.count }), (.prompts, prompts.count),
            (.archives, archives.reduce(0) { $0 + $1.count }), (.smallClasses, smallClasses.count),
        ]
        findings = counts.filter { $0.1 > 0 }.map { kind, count in
            // Duplicates in a published split are in every paper that used it.
            let isKnown = kind == .imagesInTrainAndTest && isPublished
            return CheckFinding(kind, count, isKnown ? .doubtful : kind.facts.severity)
        }
        verdict = findings.map(\.severity).max() ?? .fine
    }

    /// The number of images that a build must leave out; nil if anything else makes the split unusable, except images
    /// in both train and test.
    public var imagesToLeaveOut: Int? {
        let skippable: [CheckFinding.Kind] = [.unreadable, .damaged, .unsupported]
        let unusable = findings.filter { $0.severity == .unusable }
        guard unusable.allSatisfy({ skippable.contains($0.kind) || $0.kind == .imagesInTrainAndTest }) else {
            return nil
        }
        return unusable.filter { skippable.contains($0.kind) }.reduce(0) { $0 + $1.count }
    }

    /// The findings that decide the verdict, such as `3 missing items, 1 damaged image`; three of them at most.
    public var reasons: String {
        let words = findings.filter { $0.severity == verdict && verdict > .fine }.map(\.words)
        let rest = words.count > 3 ? ", and more" : ""
        return words.prefix(3).joined(separator: ", ") + rest
    }
}

/// Returns a number with commas between thousands.
func grouped(_ number: Int) -> String {
    number < 1000 ? "\(number)" : "\(grouped(number / 1000)),\("\(1000 + number % 1000)".dropFirst())"
}
