internal import Adapter
internal import Core
internal import Studies

/// A result and its published number as one record.
private struct TidyRecord: Encodable {
    let line: ResultLine
    let published: PublishedNumbers.Number?

    private enum Name: String, CodingKey { case published_accuracy, published_source }

    func encode(to encoder: any Encoder) throws {
        try line.encode(to: encoder)
        var container = encoder.container(keyedBy: Name.self)
        try container.encodeIfPresent(published?.value, forKey: .published_accuracy)
        try container.encodeIfPresent(published?.source.title, forKey: .published_source)
    }
}

extension ResultSet {
    /// Formats the results as CSV with a header and one line per run.
    func tidyCSV(_ options: TableOptions) -> String {
        var columns = Self.columns
        if options.showsPublished {
            columns.append(("published_accuracy", { Self.published($0).map { "\($0.value)" } ?? "" }))
            columns.append(("published_source", { Self.published($0)?.source.title ?? "" }))
        }
        let head = columns.map(\.name).joined(separator: ",") + "\n"
        return head
            + runs.map { run in columns.map { Self.quoted($0.value(run.line)) }.joined(separator: ",") + "\n" }.joined()
    }

    /// Formats the results as a JSON list.
    func tidyJSON(_ options: TableOptions) -> String {
        JSONDocument.page(
            runs.map { TidyRecord(line: $0.line, published: options.showsPublished ? Self.published($0.line) : nil) })
    }

    private static let columns: [(name: String, value: @Sendable (ResultLine) -> String)] = [
        ("protocol", { $0.protocol.rawValue }),
        ("model", { $0.model ?? "" }),
        ("dataset", { $0.dataset }),
        ("classes", { $0.classes ?? "" }),
        ("method", { $0.method }),
        ("shots", { $0.shots.description }),
        ("seed", { "\($0.seed)" }),
        ("task", { $0.evaluation?.task.rawValue ?? "" }),
        ("evaluated_on", { $0.evaluation?.dataset ?? "" }),
        ("evaluated_classes", { $0.evaluation.map { "\($0.classes)" } ?? "" }),
        ("val_accuracy", { text($0.val_accuracy) }),
        ("test_accuracy", { text($0.test_accuracy) }),
        ("test_top5", { text($0.test_top5) }),
        ("test_mean_per_class", { text($0.test_mean_per_class) }),
        ("alpha", { text($0.alpha) }),
        ("beta", { text($0.beta) }),
        ("chosen", { chosen($0.chosen, separator: ";") }),
        ("epoch", { $0.epoch.map { "\($0)" } ?? "" }),
        ("note", { $0.note ?? "" }),
        ("run", { $0.run }),
        ("identity", { $0.identity.description }),
    ]

    private static func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "" }

    private static func published(_ line: ResultLine) -> PublishedNumbers.Number? {
        guard line.evaluation == nil, line.classes == nil, let model = line.model else { return nil }
        return PublishedNumbers.find(line.method, line.dataset, model: model, shots: line.shots)
    }

    /// Quotes a field as in RFC 4180.
    private static func quoted(_ field: String) -> String {
        field.contains { ",\"".contains($0) || $0.isNewline } ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }
}

/// Joins the settings chosen on validation as `name=value`, sorted by name.
func chosen(_ values: [String: SettingValue]?, separator: String) -> String {
    (values ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: separator)
}
