public import Artifacts

/// Where a report goes: to a file that appears whole, or to stdout for `-`.
public enum ReportFile {
    /// Words that stand near the beginning of the HTML, Markdown and LaTeX that this tool writes.
    static let mark = "made by fewshot-report"

    /// Publishes `text` at `path`.
    ///
    /// A file that is there is left alone where it has the same bytes. It is replaced where it is marked as made by this
    /// tool, or with `replacing`.
    ///
    /// - Returns: whether it was written.
    /// - Throws: `cannotCreate` where another file is in the way.
    @discardableResult
    public static func publish(_ text: String, to path: String, replacing: Bool) throws(Fault) -> Bool {
        if case .file(let size) = FileKind(at: path), size > 0 {
            let present = try fileBytes(path)
            guard present != Array(text.utf8) else { return false }
            let isOurs = String(decoding: present.prefix(512), as: UTF8.self).contains(mark)
            guard isOurs || replacing else {
                throw Fault(
                    .cannotCreate, path, found: "a file that does not say that it is a report",
                    expected: "a new name", remedy: "choose another output with -o, or give --replace")
            }
        }
        try PublishedFile.publish(text, to: path)
        return true
    }
}
