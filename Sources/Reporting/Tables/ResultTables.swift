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
        datasets.count == 1 ? shotsTable(datasets[0], options) : datasetsTable(options)
    }

    /// Returns a table with one row per method and one column per number of shots.
    func shotsTable(_ dataset: String?, _ options: TableOptions) -> ReportTable {
        let columns = shots.isEmpty ? [.count(0)] : shots
        var table = ComparedTable(
            table: ReportTable(
                caption: "\(dataset ?? averageName): \(caption)", labelHeads: ["method"], heads: columns.map(\.head)),
            showsPublished: showsPublished(options))
        for method in methods {
            table.append([MethodOrder.title(of: method)], columns.map { result(method, dataset, $0) }) {
                columns.map {
                    PublishedNumbers.find(method, dataset ?? "", model: model, shots: isLevel(method) ? .count(0) : $0)
                }
            }
        }
        return table.finished(options.decimals)
    }

    /// Returns a table with one row per method and number of shots, and one column per data set and for the average.
    private func datasetsTable(_ options: TableOptions) -> ReportTable {
        var table = ComparedTable(
            table: ReportTable(caption: caption, labelHeads: ["method", "shots"], heads: datasets + ["average"]),
            showsPublished: showsPublished(options))
        for method in methods {
            for shots in isLevel(method) ? [.count(0)] : self.shots {
                let summaries = datasets.map { summary(method, $0, shots) } + [average(method, shots)]
                guard summaries.contains(where: { $0 != nil }) else { continue }
                table.append([MethodOrder.title(of: method), shots.description], summaries) {
                    datasets.map { PublishedNumbers.find(method, $0, model: model, shots: shots) }
                        + [PublishedNumbers.average(method, of: datasets, model: model, shots: shots)]
                }
            }
        }
        return table.finished(options.decimals)
    }

    /// Whether to show published numbers, which are test accuracies on all classes.
    private func showsPublished(_ options: TableOptions) -> Bool {
        options.showsPublished && classes == nil && isTested
    }

    var averageName: String { "Average of \(counted(datasets.count, "data set"))" }
}

/// A table in which the published numbers of a method follow its results.
private struct ComparedTable {
    var table: ReportTable
    let showsPublished: Bool
    private(set) var sources: [PublishedNumbers.Source] = []

    /// Adds a row of results, and the rows of published numbers and of the differences from them if there are any.
    mutating func append(_ labels: [String], _ ours: [Summary?], published: () -> [PublishedNumbers.Number?]) {
        table.rows.append(.init(labels, ours))
        let published = showsPublished ? published() : []
        guard published.contains(where: { $0 != nil }) else { return }
        let theirs = published.map { $0.flatMap { Summary([$0.value]) } }
        table.rows.append(.init(["  published"] + labels.dropFirst(), theirs, kind: .published))
        table.rows.append(
            .init(["  difference"] + labels.dropFirst(), zip(ours, theirs).map(Summary.difference), kind: .difference))
        sources += published.compactMap { $0?.source }
    }

    mutating func finished(_ decimals: Int) -> ReportTable {
        if showsPublished { table.notes += PublishedNumbers.notes(sources) }
        table.finish(decimals)
        return table
    }
}
