/// How grave something is.
public enum CheckSeverity: String, Encodable, Sendable, Comparable, CaseIterable {
    /// Nothing is wrong, or what is said is only good to know.
    case fine
    /// The data can be used, and results may not be what was meant.
    case doubtful
    /// Work on the data would fail, or its results would be wrong.
    case unusable

    public static func < (a: CheckSeverity, b: CheckSeverity) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .fine: 0
        case .doubtful: 1
        case .unusable: 2
        }
    }
}

/// One kind of finding, and how often it was met.
public struct CheckFinding: Encodable, Sendable, Equatable {
    public enum Kind: String, Encodable, Sendable, CaseIterable {
        case missing, unreadable, damaged, unsupported, contradictions, pathsInTrainAndTest, imagesInTrainAndTest
        case counts, emptyClasses, flawed, strangers, repeatedPaths, repeatedImages, otherFormats, beyond, prompts
        case archives, smallClasses
    }

    public let kind: Kind
    public let severity: CheckSeverity
    public let count: Int

    init(_ kind: Kind, _ count: Int, _ severity: CheckSeverity) {
        (self.kind, self.count, self.severity) = (kind, count, severity)
    }

    /// What was found, as `3 missing items`.
    public var words: String {
        let (one, many) = kind.words
        return count == 1 ? "1 \(one)" : "\(digits(count)) \(many)"
    }
}

extension CheckFinding.Kind {
    var severity: CheckSeverity {
        switch self {
        case .missing, .unreadable, .damaged, .unsupported, .contradictions, .pathsInTrainAndTest,
            .imagesInTrainAndTest:
            .unusable
        case .counts, .emptyClasses, .flawed, .strangers, .repeatedPaths, .repeatedImages, .otherFormats, .beyond,
            .prompts:
            .doubtful
        case .archives, .smallClasses: .fine
        }
    }

    fileprivate var words: (one: String, many: String) {
        switch self {
        case .missing: ("missing item", "missing items")
        case .unreadable: ("file that is no image", "files that are no images")
        case .damaged: ("damaged image", "damaged images")
        case .unsupported: ("image of an unsupported kind", "images of unsupported kinds")
        case .contradictions: ("path with two classes", "paths with two classes")
        case .pathsInTrainAndTest: ("path in both train and test", "paths in both train and test")
        case .imagesInTrainAndTest: ("image in both train and test", "images in both train and test")
        case .counts: ("count unlike the published one", "counts unlike the published ones")
        case .emptyClasses: ("class without items", "classes without items")
        case .flawed: ("image that decodes with a warning", "images that decode with a warning")
        case .strangers: ("item in another class's folder", "items in other classes' folders")
        case .repeatedPaths: ("repeated path", "repeated paths")
        case .repeatedImages: ("repeated image", "repeated images")
        case .otherFormats: ("file with another format's suffix", "files with another format's suffix")
        case .beyond: ("file beyond the split", "files beyond the split")
        case .prompts: ("list of prompts that does not fit", "lists of prompts that do not fit")
        case .archives: ("item in an archive", "items in archives")
        case .smallClasses: ("small class", "small classes")
        }
    }
}

extension CheckReport {
    /// Whether the split is a published one as far as counts tell.
    var isPublished: Bool { comparedWith.contains(.catalog) && countDifferences.isEmpty }

    /// Counts what was found, and judges by the gravest.
    mutating func judge() {
        let counts: [(CheckFinding.Kind, Int)] = [
            (.missing, missing.items), (.unreadable, unreadable.count), (.damaged, damaged.count),
            (.unsupported, unsupported.count), (.contradictions, contradictions.count),
            (.pathsInTrainAndTest, repeatedPaths.count(where: \.isInTrainAndTest)),
            (.imagesInTrainAndTest, repeatedImages.count(where: \.isInTrainAndTest)),
            (.counts, countDifferences.count), (.emptyClasses, emptyClasses.count), (.flawed, flawed.count),
            (.strangers, strangers.count),
            (.repeatedPaths, repeatedPaths.count { !$0.isInTrainAndTest }),
            (.repeatedImages, repeatedImages.count { !$0.isInTrainAndTest }), (.otherFormats, otherFormats.count),
            (.beyond, beyond.reduce(0) { $0 + $1.count }), (.prompts, prompts.count),
            (.archives, archives.reduce(0) { $0 + $1.count }), (.smallClasses, smallClasses.count),
        ]
        findings = counts.filter { $0.1 > 0 }.map { kind, count in
            // What is doubled in a published split is doubled in every paper that used it.
            let isKnown = kind == .imagesInTrainAndTest && isPublished
            return CheckFinding(kind, count, isKnown ? .doubtful : kind.severity)
        }
        verdict = findings.map(\.severity).max() ?? .fine
    }

    /// The findings that decide the verdict, as `3 missing items, 1 damaged image`; three of them at most.
    public var reasons: String {
        let words = findings.filter { $0.severity == verdict && verdict > .fine }.map(\.words)
        let rest = words.count > 3 ? ", and more" : ""
        return words.prefix(3).joined(separator: ", ") + rest
    }
}

/// A number with a comma between thousands.
func digits(_ number: Int) -> String {
    var text = String(number)
    var place = text.index(text.endIndex, offsetBy: -3, limitedBy: text.startIndex)
    while let comma = place, comma > text.startIndex {
        text.insert(",", at: comma)
        place = text.index(comma, offsetBy: -3, limitedBy: text.startIndex)
    }
    return text
}
