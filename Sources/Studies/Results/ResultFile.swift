package import Core
internal import FoundationEssentials

extension ResultLine {
    /// Reads the lines of the `results.jsonl` at `path`.
    ///
    /// - Throws: `badData` for a line that is no result, has invalid numbers or names a run outside of the folder.
    package static func lines(of path: String) throws(Fault) -> [ResultLine] {
        let text = String(decoding: try fileBytes(path), as: UTF8.self)
        var lines: [ResultLine] = []
        for (index, text) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where text.contains(where: { !$0.isWhitespace }) {
            let location = "\(path), line \(index + 1)"
            let line = try JSONDocument.decode(
                ResultLine.self, from: Data(text.utf8), path: location, expected: "a result written by fewshot-train")
            try line.check(location)
            lines.append(line)
        }
        return lines
    }

    /// Rejects invalid numbers and a run folder outside of the results' folder.
    private func check(_ location: String) throws(Fault) {
        for (name, value) in [
            ("val_accuracy", val_accuracy), ("test_accuracy", test_accuracy), ("test_top5", test_top5),
            ("test_mean_per_class", test_mean_per_class),
        ] {
            guard let value, !(0 ... 100).contains(value) else { continue }
            throw .badData(
                location, found: "\(name) \(value)", expected: "0 to 100", remedy: RunFolder.remedy)
        }
        if let count = shots.number, !(0 ... 1_000_000).contains(count) {
            throw .badData(location, found: "\(count) shots", expected: "0 to 1000000", remedy: "correct the file")
        }
        let parts = run.split(separator: "/", omittingEmptySubsequences: false)
        guard !run.contains("\0"), parts.allSatisfy({ !["", ".", ".."].contains($0) }) else {
            throw .badData(
                location, found: "the run '\(run)'", expected: "a folder next to the file", remedy: "correct the file")
        }
    }
}
