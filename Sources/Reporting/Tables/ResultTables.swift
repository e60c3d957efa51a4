internal import Studies

extension ResultSet {
    /// Returns the tables of all results: accuracies group by group, followed by evaluations on other data.
    public func tables(_ options: TableOptions = .init()) -> [ReportTable] {
        ResultGroup.groups(self).map { $0.table(options) } + EvaluationGroup.groups(self).flatMap { $0.tables(options) }
    }
}

extension ResultGroup {
    /// Returns a table with shots as columns for one data set; otherwise with data sets and their average as columns.
    func table(_ options: TableOptions) -> ReportTable {
        var table = datasets.count == 1 ? shotsTable(datasets[0], options) : datasetsTable(options)
        table.markBest(options.decimals)
        table.noteDeviations()
        return table
    }

    /// Whether to show published numbers, which are test accuracies on all classes.
    private func compares(_ options: TableOptions) -> Bool { options.showsPublished && classes == nil && isTested }

    /// Returns a table with one row per method and one column per number of shots.
    func shotsTable(_ dataset: String?, _ options: TableOptions) -> ReportTable {
        let columns = shots.isEmpty ? [.count(0)] : shots
        var table = ReportTable(
            caption: "\(dataset ?? averageName): \(caption)", labelHeads: ["method"], heads: columns.map(\.head),
            rows: [])
        var sources: [PublishedNumbers.Source] = []
        for method in methods {
            let summaries = columns.map { shots in
                dataset.map { summary(method, $0, shots) } ?? average(method, shots)
            }
            table.rows.append(.init(labels: [method], cells: summaries.map { $0.map { .init(value: $0) } }))
            guard compares(options), let model else { continue }
            let published = columns.map {
                PublishedNumbers.find(method, dataset ?? "", model: model, shots: self.shots(method, $0))
            }
            table.rows += Self.comparison(summaries, published, labels: [])
            sources += published.compactMap { $0?.source }
        }
        if compares(options) { table.notes += PublishedNumbers.notes(sources) }
        return table
    }

    /// Returns a table with one row per method and number of shots, and one column per data set and for the average.
    private func datasetsTable(_ options: TableOptions) -> ReportTable {
        var table = ReportTable(
            caption: caption, labelHeads: ["method", "shots"], heads: datasets + ["average"], rows: [])
        var sources: [PublishedNumbers.Source] = []
        for method in methods {
            for shots in isLevel(method) ? [.count(0)] : self.shots {
                let summaries = datasets.map { summary(method, $0, shots) } + [average(method, shots)]
                guard summaries.contains(where: { $0 != nil }) else { continue }
                table.rows.append(
                    .init(
                        labels: [method, shots.description], cells: summaries.map { $0.map { .init(value: $0) } },
                        series: shots.description))
                guard compares(options), let model else { continue }
                let published =
                    datasets.map { PublishedNumbers.find(method, $0, model: model, shots: shots) }
                    + [PublishedNumbers.average(method, of: datasets, model: model, shots: shots)]
                table.rows += Self.comparison(summaries, published, labels: [shots.description])
                sources += published.compactMap { $0?.source }
            }
        }
        if compares(options) { table.notes += PublishedNumbers.notes(sources) }
        return table
    }

    /// Returns the shots of a method's published numbers, 0 for a method that uses none.
    private func shots(_ method: String, _ shots: Shots) -> Shots { isLevel(method) ? .count(0) : shots }

    /// Returns the rows of published numbers and of the differences from them; none without published numbers.
    private static func comparison(
        _ ours: [Summary?], _ published: [PublishedNumbers.Number?], labels: [String]
    ) -> [ReportTable.Row] {
        guard published.contains(where: { $0 != nil }) else { return [] }
        let theirs = published.map { $0.flatMap { Summary([$0.value]) } }
        let differences = zip(ours, theirs).map { ours, theirs in
            ours.flatMap { ours in theirs.flatMap { Summary([ours.mean - $0.mean]) } }
        }
        return [
            .init(
                labels: ["  published"] + labels, cells: theirs.map { $0.map { .init(value: $0) } }, kind: .published),
            .init(
                labels: ["  difference"] + labels, cells: differences.map { $0.map { .init(value: $0) } },
                kind: .difference),
        ]
    }

    /// The title of averages.
    var averageName: String { "Average of \(counted(datasets.count, "data set"))" }
}
