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
        let found: String
        var expected = "the same split or no file"
        do throws(Fault) {
            let other = try SplitFile(path: path, dataset: dataset).split
            guard let difference = other.firstDifference(from: self) else { return true }
            found = "a split whose \(difference.field) is \(difference.found)"
            expected = "\(difference.expected), as requested"
        } catch { found = error.found }
        if replaces { return false }
        throw Fault(
            .cannotCreate, path, found: found, expected: expected,
            remedy: "choose another output, or replace the file with \(option: "replace")")
    }

    /// Returns the first field in which `self` differs from `other`, with both values; nil if the splits are equal.
    public func firstDifference(from other: Split) -> (field: String, found: String, expected: String)? {
        guard self != other else { return nil }
        if let difference = provenance.firstDifference(from: other.provenance) {
            return (difference.field, difference.found, difference.expected)
        }
        if dataset != other.dataset { return ("data set", "'\(dataset)'", "'\(other.dataset)'") }
        if root != other.root { return ("root", "'\(root)'", "'\(other.root)'") }
        if sample != other.sample {
            func words(_ sample: SampleRecord?) -> String {
                sample.map { "\($0.shots) shots, seed \($0.seed), scheme \($0.scheme.rawValue)" } ?? "none"
            }
            return ("sample", words(sample), words(other.sample))
        }
        if classes != other.classes { return Self.firstDifference("class", classes, other.classes) { "'\($0)'" } }
        for subset in Subset.allCases where self[subset] != other[subset] {
            return Self.firstDifference("\(subset.rawValue) item", self[subset], other[subset]) {
                "'\($0.path)' of class \($0.label)"
            }
        }
        if origin != other.origin {
            func words(_ origin: ClassOrigin?) -> String {
                origin.map { "\($0.labels.count) classes of \($0.dataset)" } ?? "none"
            }
            return ("origin", words(origin), words(other.origin))
        }
        return ("provenance", "another record", "the new record")
    }

    /// Returns the first index at which two lists differ, which may be the end of one of them, and both elements.
    private static func firstDifference<List: RandomAccessCollection>(
        _ name: String, _ list: List, _ other: List, _ words: (List.Element) -> String
    ) -> (field: String, found: String, expected: String) where List.Element: Equatable, List.Index == Int {
        let common = min(list.count, other.count)
        let index = (0 ..< common).first { list[$0] != other[$0] } ?? common
        func element(_ list: List) -> String { index < list.count ? words(list[index]) : "none" }
        return ("\(name) \(index)", element(list), element(other))
    }
}
