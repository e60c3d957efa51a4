public import Studies

extension ReportTable {
    /// Formats the results of a study for a terminal, one table per trained or evaluated data set and protocol.
    ///
    /// A table has one row per method and one column per number of shots. The harmonic mean of the accuracies on base
    /// and new classes has a table of its own.
    public static func pages(_ lines: [ResultLine]) -> [String] {
        let groups = (lines + harmonicMeans(lines)).grouped { line in
            [
                line.folder, line.dataset, line.model ?? "", line.protocol.rawValue, line.classes ?? "",
                line.evaluation.map { "\($0)" } ?? "",
            ]
        }
        let subjects = groups.map { $0[0].subject }
        return zip(groups, subjects).map { lines, subject in
            let isAlone = subjects.count { $0 == subject } == 1
            return table(lines, subject: isAlone ? subject : "\(subject) (\(lines[0].folder))").text(2)
        }
    }

    /// Returns the harmonic mean of the accuracies on base and new classes of each run that was evaluated on both.
    private static func harmonicMeans(_ lines: [ResultLine]) -> [ResultLine] {
        lines.filter { $0.evaluation?.task == .new }.compactMap { new in
            let base = lines.first { $0.run == new.run && $0.evaluation == nil }
            guard let base = base?.test_accuracy, let accuracy = new.test_accuracy, base + accuracy > 0 else {
                return nil
            }
            var mean = new
            mean.test_accuracy = 2 * base * accuracy / (base + accuracy)
            mean.evaluation = nil
            mean.classes = "harmonic mean of base and new"
            return mean
        }
    }

    private static func table(_ lines: [ResultLine], subject: String) -> ReportTable {
        let given = lines.map(\.shots).unique.filter { $0 != .count(0) }
        let shots = given.isEmpty ? [.count(0)] : given
        // Methods have the order of reports, not the order in which runs finish.
        let methods = MethodOrder.sorted(lines.map(\.method))
        let isTested = lines.contains { $0.test_accuracy != nil }
        let rows = methods.map { method in
            Row(
                [MethodOrder.title(of: method)],
                shots.map { shots in
                    Summary(
                        lines.filter { $0.method == method && [shots, .count(0)].contains($0.shots) }
                            .compactMap { isTested ? $0.test_accuracy : $0.val_accuracy })
                })
        }
        let caption =
            "\(subject), \(isTested ? "test" : "validation") accuracy in percent, \(lines.protocolCaption)"
        var table = ReportTable(caption: caption, labelHeads: ["method"], heads: shots.map(\.head), rows: rows)
        table.finish(2)
        return table
    }
}

extension ResultLine {
    /// The data set and the classes that the numbers describe.
    fileprivate var subject: String {
        let data = dataset + (model.map { ", \($0)" } ?? "")
        let trained = data + (classes.map { " (\($0) classes)" } ?? "")
        return switch evaluation?.task {
        case nil: trained
        case .new: "\(data) (new classes, trained on \(classes ?? "others"))"
        case .shift: "\(evaluation?.dataset ?? "") (shift, trained on \(trained))"
        case .transfer:
            "\(evaluation?.dataset ?? "") (\(evaluation?.classes ?? 0) other classes, trained on \(trained))"
        }
    }
}
