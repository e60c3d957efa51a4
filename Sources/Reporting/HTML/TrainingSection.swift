internal import Adapter
internal import Studies

/// The section on the losses of one training per method of a group.
struct TrainingSection {
    let group: ResultGroup
    let trainings: [(run: ReportedRun, log: TrainingLog)]

    /// Returns the section.
    func html(id: String) -> HTML {
        guard !trainings.isEmpty else { return "" }
        let figures: [HTML] = trainings.enumerated().map { index, training in
            let line = training.run.line
            let title = "\(line.method), \(line.dataset), \(line.shots.head), seed \(line.seed)"
            let chart = LossChart(training.log, label: "Training loss of \(title), step by step.")
            let keys: [HTML] = chart.lines.map {
                """
                <span class="key"><svg class="swatch k\(SeriesStyle($0.number).color)" viewBox="0 0 30 14" \
                aria-hidden="true"><path class="l" d="M1 7H29"/></svg>\($0.name.replacing("_", with: " ")) \
                \(Self.ends($0))</span>

                """
            }
            let steps = training.log.steps
            return """
                <figure aria-labelledby="\(id)-loss\(index)">
                \(chart.svg)
                <div class="legend">\(keys)</div>
                <figcaption id="\(id)-loss\(index)">\(title), \(line.protocol.caption). \
                \(counted(steps.count, "step")) in \
                \(counted(training.log.epochs.count, "epoch"))\
                \(line.epoch.map { ", epoch \($0) taken" } ?? "").</figcaption>
                </figure>

                """
        }
        return """
            <h3 id="\(id)-losses">Losses</h3>
            <p>Each named part of the loss, and their sum, at every step; numbers are the first and the last.</p>
            <div class="multiples">
            \(figures)</div>

            """
    }

    private static func ends(_ line: LossChart.Line) -> String {
        guard let first = line.values.first, let last = line.values.last else { return "" }
        return "\(decimal(first.value, 2)) to \(decimal(last.value, 2))"
    }
}
