public import Core

/// What became of a split that was to be written.
public enum SplitOutcome: String, Sendable, Codable {
    /// The file is new, or replaces another.
    case written
    /// The same split was there already.
    case reused
}

extension Split {
    /// Publishes the split at `path`; the same split there is left as it is.
    ///
    /// A different file is replaced only if `replaces` is true.
    ///
    /// - Throws: `cannotCreate` naming the first difference between what is there and what was asked for.
    public func publish(to path: String, replaces: Bool) throws(Fault) -> SplitOutcome {
        switch try FileKind.found(at: path) {
        case .absent: break
        case .file: if try isThere(at: path, replaces: replaces) { return .reused }
        case .folder, .other:
            throw Fault(
                .cannotCreate, path, found: "something that is no file", expected: "a split or nothing",
                remedy: "choose another output")
        }
        try write(to: path)
        return .written
    }

    private func isThere(at path: String, replaces: Bool) throws(Fault) -> Bool {
        let other: Split
        do throws(Fault) { other = try SplitFile(path: path, dataset: dataset).split } catch {
            if replaces { return false }
            throw Fault(
                .cannotCreate, path, found: error.found, expected: "the same split or nothing",
                remedy: "choose another output, or replace it with --replace")
        }
        guard let difference = other.firstDifference(from: self) else { return true }
        if replaces { return false }
        throw Fault(
            .cannotCreate, path, found: "a split whose \(difference.field) is \(difference.found)",
            expected: "\(difference.expected) as now asked for",
            remedy: "choose another output, or replace it with --replace")
    }

    /// The first thing in which `self` differs from `other`, with both values; nil if they are the same split.
    public func firstDifference(from other: Split) -> (field: String, found: String, expected: String)? {
        guard self != other else { return nil }
        if let difference = provenance.firstDifference(from: other.provenance) {
            return (difference.field, difference.found, difference.expected)
        }
        if dataset != other.dataset { return ("data set", "'\(dataset)'", "'\(other.dataset)'") }
        if root != other.root { return ("root", "'\(root)'", "'\(other.root)'") }
        if sample != other.sample { return ("sample", Self.words(sample), Self.words(other.sample)) }
        if let place = Self.firstDifference(classes.count, other.classes.count, { classes[$0] == other.classes[$0] }) {
            return (
                "class \(place)", Self.words(place, classes) { "'\($0)'" },
                Self.words(place, other.classes) { "'\($0)'" }
            )
        }
        for part in Subset.allCases {
            let (mine, theirs) = (self[part], other[part])
            let place = Self.firstDifference(mine.count, theirs.count) {
                mine.labels[$0] == theirs.labels[$0] && mine.pathBytes($0) == theirs.pathBytes($0)
            }
            guard let place else { continue }
            let words = { (item: Item) in "'\(item.path)' of class \(item.label)" }
            return ("\(part.rawValue) item \(place)", Self.words(place, mine, words), Self.words(place, theirs, words))
        }
        if origin != other.origin { return ("origin", Self.words(origin), Self.words(other.origin)) }
        return ("provenance", "recorded otherwise", "what is recorded now")
    }

    /// The first place at which two lists differ, which may be the end of one of them.
    private static func firstDifference(_ count: Int, _ other: Int, _ isEqual: (Int) -> Bool) -> Int? {
        (0 ..< min(count, other)).first { !isEqual($0) } ?? (count == other ? nil : min(count, other))
    }

    private static func words<List: RandomAccessCollection>(
        _ place: Int, _ list: List, _ words: (List.Element) -> String
    ) -> String where List.Index == Int {
        place < list.count ? words(list[place]) : "none"
    }

    private static func words(_ sample: SampleRecord?) -> String {
        sample.map { "\($0.shots) shots, seed \($0.seed), scheme \($0.scheme.rawValue)" } ?? "none"
    }

    private static func words(_ origin: ClassOrigin?) -> String {
        origin.map { "\($0.labels.count) classes of \($0.dataset)" } ?? "none"
    }
}
