public import Core

/// The output file of a report, which appears only when complete.
public enum ReportFile {
    /// A mark near the start of HTML, Markdown, and LaTeX files of this tool.
    static let mark = "made by fewshot-report"

    /// Writes `text` to `path`.
    ///
    /// An existing file with equal bytes is kept. Other existing files are replaced only if they have the mark of this
    /// tool, or with `replacing`.
    ///
    /// - Returns: whether the file was written.
    /// - Throws: `cannotCreate` if another file exists.
    @discardableResult
    public static func publish(_ text: String, to path: String, replacing: Bool) throws(Fault) -> Bool {
        try publish(Array(text.utf8), to: path, replacing: replacing)
    }

    /// Writes `bytes` to `path` by the same rules.
    @discardableResult
    static func publish(_ bytes: [UInt8], to path: String, replacing: Bool) throws(Fault) -> Bool {
        if case .file(let size) = FileKind(at: path), size > 0 {
            let existing = try fileBytes(path, anyContent: true)
            guard existing != bytes else { return false }
            let isReport = String(decoding: existing.prefix(512), as: UTF8.self).contains(mark)
            guard isReport || replacing else {
                throw Fault(
                    .cannotCreate, path, found: "an existing file that is not a report of this tool",
                    expected: "a new file name",
                    remedy: "choose another \(option: "output"), or give \(option: "replace")")
            }
        }
        unsafe try PublishedFile.publish(bytes.span.bytes, to: path)
        return true
    }
}
