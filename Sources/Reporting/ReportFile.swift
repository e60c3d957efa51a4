public import Core

/// Where a report goes: to a file that appears whole.
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
        try publish(Array(text.utf8), to: path, replacing: replacing)
    }

    /// Publishes `bytes` at `path`, by the same rules.
    @discardableResult
    static func publish(_ bytes: [UInt8], to path: String, replacing: Bool) throws(Fault) -> Bool {
        if case .file(let size) = FileKind(at: path), size > 0 {
            let present = try fileBytes(path)
            guard present != bytes else { return false }
            let isOurs = String(decoding: present.prefix(512), as: UTF8.self).contains(mark)
            guard isOurs || replacing else {
                throw Fault(
                    .cannotCreate, path, found: "a file with other content that does not say that it is a report",
                    expected: "a new name", remedy: "choose another \(option: "output"), or give \(option: "replace")")
            }
        }
        unsafe try PublishedFile.publish(bytes.span.bytes, to: path)
        return true
    }
}
