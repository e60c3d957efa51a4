internal import Adapter
internal import Core
internal import Studies

extension ResultGroup {
    /// Returns the losses of one training per method: that with the most shots on the first data set.
    func trainingSection(_ known: [RecordedRun], id: String) throws(Fault) -> HTML {
        let chosen = known.grouped(by: \.line.method).compactMap { runs in
            runs.filter { $0.line.dataset == runs[0].line.dataset }
                .max { $0.line.shots.order < $1.line.shots.order }
        }
        let trainings = try chosen.map { known throws(Fault) in
            try known.log().map { (line: known.line, log: $0) }
        }.compactMap { $0 }
        guard !trainings.isEmpty else { return "" }
        return """
            <h3 id="\(id)-losses">Losses</h3>
            <p>Each named part of the loss, and their sum, at every step; numbers are the first and the last.</p>
            <div class="multiples">
            \(trainings.enumerated().map { Self.figure($1.line, $1.log, id: "\(id)-loss\($0)") })</div>

            """
    }

    private static func figure(_ line: ResultLine, _ log: TrainingLog, id: String) -> HTML {
        let title = "\(MethodOrder.title(of: line.method)), \(line.dataset), \(line.shots.head), seed \(line.seed)"
        let chart = LossChart(log, label: "Training loss of \(title), step by step.")
        let keys: [HTML] = chart.lines.map { line in
            let ends = [line.values.first, line.values.last].compactMap { $0 }.map { decimal($0.value, 2) }
            return """
                <span class="key"><svg class="swatch k\(SeriesStyle(line.number).color)" viewBox="0 0 30 14" \
                aria-hidden="true"><path class="l" d="M1 7H29"/></svg>\(line.name.replacing("_", with: " ")) \
                \(ends.joined(separator: " to "))</span>

                """
        }
        return """
            <figure aria-labelledby="\(id)">
            \(chart.svg)
            <div class="legend">\(keys)</div>
            <figcaption id="\(id)">\(title), \(line.protocolCaption). \
            \(counted(log.steps.count, "step")) in \(counted(log.epochs.count, "epoch"))\
            \(line.epoch.map { ", epoch \($0) taken" } ?? "").</figcaption>
            </figure>

            """
    }
}
