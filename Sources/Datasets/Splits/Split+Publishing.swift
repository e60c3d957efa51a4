public import Core

/// The outcome of publishing a split.
public enum SplitOutcome: String, Sendable, Codable {
    /// The file is new or replaces another one.
    case written
    /// The file had the same content already.
    case reused
}

extension Split {
    /// Publishes the split at `path`, or reuses a file there with the same split.
    ///
    /// A different file is replaced only if `replaces` is true.
    ///
    /// - Throws: `cannotCreate` with the first difference between the existing and the new split.
    public func publish(to path: String, replaces: Bool) throws(Fault) -> SplitOutcome {
        switch try FileKind.found(at: path) {
        case .absent: break
        case .file: if try isReusable(at: path, replaces: replaces) { return .reused }
        case .folder, .other:
            throw Fault(
                .cannotCreate, path, found: "something other than a file", expected: "a split or no file",
                remedy: "choose another output")
        }
        try write(to: path)
        return .written
    }

    private func isReusable(at path: String, replaces: Bool) throws(Fault) -> Bool {
        let other: Split
        do throws(Fault) { other = try SplitFile(path: path, dataset: dataset).split } catch {
            if replaces { return false }
            throw Fault(
                .cannotCreate, path, found: error.found, expected: "the same split or no file",
                remedy: "choose another output, or replace the file with --replace")
        }
        guard let difference = other.firstDifference(from: self) else { return true }
        if replaces { return false }
        throw Fault(
            .cannotCreate, path, found: "a split whose \(difference.field) is \(difference.found)",
            expected: "\(difference.expected), as requested",
            remedy: "choose another output, or replace the file with --replace")
    }

    /// Returns the first field in which `self` differs from `other`, with both values; nil if the splits are equal.
    public func firstDifference(from other: Split) -> (field: String, found: String, expected: String)? {
        guard self != other else { return nil }
        if let difference = provenance.firstDifference(from: other.provenance) {
            return (difference.field, difference.found, difference.expected)
        }
        if dataset != other.dataset { return ("data set", "'\(dataset)'", "'\(other.dataset)'") }
        if root != other.root { return ("root", "'\(root)'", "'\(other.root)'") }
        if sample != other.sample { return ("sample", Self.words(sample), Self.words(other.sample)) }
        if let index = Self.firstDifference(classes.count, other.classes.count, { classes[$0] == other.classes[$0] }) {
            return (
                "class \(index)", Self.words(index, classes) { "'\($0)'" },
                Self.words(index, other.classes) { "'\($0)'" }
            )
        }
        for subset in Subset.allCases {
            let mine = self[subset]
            let theirs = other[subset]
            let row = Self.firstDifference(mine.count, theirs.count) {
                mine.labels[$0] == theirs.labels[$0] && mine.pathBytes($0) == theirs.pathBytes($0)
            }
            guard let row else { continue }
            let words = { (item: Item) in "'\(item.path)' of class \(item.label)" }
            return ("\(subset.rawValue) item \(row)", Self.words(row, mine, words), Self.words(row, theirs, words))
        }
        if origin != other.origin { return ("origin", Self.words(origin), Self.words(other.origin)) }
        return ("provenance", "another record", "the new record")
    }

    /// Returns the first index at which two lists differ, which may be the end of one of them.
    private static func firstDifference(_ count: Int, _ other: Int, _ isEqual: (Int) -> Bool) -> Int? {
        (0 ..< min(count, other)).first { !isEqual($0) } ?? (count == other ? nil : min(count, other))
    }

    private static func words<List: RandomAccessCollection>(
        _ index: Int, _ list: List, _ words: (List.Element) -> String
    ) -> String where List.Index == Int {
        index < list.count ? words(list[index]) : "none"
    }

    private static func words(_ sample: SampleRecord?) -> String {
        sample.map { "\($0.shots) shots, seed \($0.seed), scheme \($0.scheme.rawValue)" } ?? "none"
    }

    private static func words(_ origin: ClassOrigin?) -> String {
        origin.map { "\($0.labels.count) classes of \($0.dataset)" } ?? "none"
    }
}
