internal import Adapter
internal import Core
internal import Studies

/// A result and its published number as one record.
private struct TidyRecord: Encodable {
    let line: ResultLine
    let published: PublishedNumbers.Number?

    private enum Name: String, CodingKey { case origin, published_accuracy, published_source }

    func encode(to encoder: any Encoder) throws {
        try line.encode(to: encoder)
        var container = encoder.container(keyedBy: Name.self)
        try container.encodeIfPresent(MethodOrder.origin(of: line.method), forKey: .origin)
        try container.encodeIfPresent(published?.value, forKey: .published_accuracy)
        try container.encodeIfPresent(published?.source.title, forKey: .published_source)
    }
}

extension ResultSet {
    /// Formats the results as CSV with a header and one line per run.
    func tidyCSV(_ options: TableOptions) -> String {
        let columns = Self.columns + (options.showsPublished ? Self.publishedColumns : [])
        let rows = runs.map { run in columns.map { $0.value(run.line)?.description ?? "" } }
        return ([columns.map(\.name)] + rows).map(csvLine).joined()
    }

    func tidyJSON(_ options: TableOptions) -> String {
        JSONDocument.page(
            runs.map { TidyRecord(line: $0.line, published: options.showsPublished ? Self.published($0.line) : nil) })
    }

    private typealias Column = (name: String, value: @Sendable (ResultLine) -> (any CustomStringConvertible)?)

    private static let columns: [Column] = [
        ("protocol", { $0.protocol.rawValue }),
        ("model", { $0.model }),
        ("dataset", { $0.dataset }),
        ("classes", { $0.classes }),
        ("method", { $0.method }),
        ("origin", { MethodOrder.origin(of: $0.method)?.rawValue }),
        ("shots", { $0.shots }),
        ("seed", { $0.seed }),
        ("task", { $0.evaluation?.task.rawValue }),
        ("evaluated_on", { $0.evaluation?.dataset }),
        ("evaluated_classes", { $0.evaluation?.classes }),
        ("val_accuracy", { $0.val_accuracy }),
        ("test_accuracy", { $0.test_accuracy }),
        ("test_top5", { $0.test_top5 }),
        ("test_mean_per_class", { $0.test_mean_per_class }),
        ("alpha", { $0.alpha }),
        ("beta", { $0.beta }),
        ("chosen", { chosen($0.chosen, separator: ";") }),
        ("epoch", { $0.epoch }),
        ("note", { $0.note }),
        ("run", { $0.run }),
        ("identity", { $0.identity }),
    ]

    private static let publishedColumns: [Column] = [
        ("published_accuracy", { published($0)?.value }),
        ("published_source", { published($0)?.source.title }),
    ]

    private static func published(_ line: ResultLine) -> PublishedNumbers.Number? {
        guard line.evaluation == nil, line.classes == nil else { return nil }
        return PublishedNumbers.find(line.method, line.dataset, model: line.model, shots: line.shots)
    }
}

/// Joins the settings chosen on validation as `name=value`, sorted by name.
func chosen(_ values: [String: SettingValue]?, separator: String) -> String {
    (values ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: separator)
}
