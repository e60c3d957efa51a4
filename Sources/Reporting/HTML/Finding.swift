internal import Studies

extension ResultGroup {
    /// Returns a sentence per data set on the best run on validation; empty without validation.
    func findings(_ shown: [ShownRun]) -> HTML {
        guard selection != .paper else { return "" }
        let sentences: [HTML] = datasets.compactMap { dataset in
            let runs = runs.filter { $0.line.dataset == dataset }
            guard let line = Self.best(runs)?.line, line.val_accuracy != nil, let test = line.test_accuracy else {
                return nil
            }
            let scores = shown.first { $0.line.run == line.run }?.scores
            return "<p class=\"finding\">\(finding(line, test, items: scores?.count.reduce(0, +)))</p>\n"
        }
        return "\(sentences)"
    }

    private func finding(_ line: ResultLine, _ test: Double, items: Int?) -> HTML {
        let run = line.shots == .count(0) ? line.method : "\(line.method) with \(line.shots.head), seed \(line.seed)"
        let several = datasets.count > 1 ? " on \(line.dataset)" : ""
        var sentence: HTML = "Best on validation\(several): <b>\(run)</b>. It classifies <b>\(percentage(test))</b>"
        if let items, items > 0 {
            let right = Int((test * Double(items) / 100).rounded())
            let range = wilsonInterval(right, of: items)
            sentence += """
                 of \(counted(items, "test item")) correctly (95 % interval for this number of items: \
                \(decimal(100 * range.lowerBound, 1)) to \(percentage(100 * range.upperBound)))
                """
        } else {
            sentence += " of the test items correctly"
        }
        if line.method != "zero-shot", let base = result("zero-shot", line.dataset, line.shots) {
            let gain = test - base.mean
            sentence += ", \(decimal(abs(gain), 1)) points \(gain < 0 ? "below" : "above") zero-shot"
        }
        if let mean = result(line.method, line.dataset, line.shots), mean.count > 1 {
            sentence += ". Mean over \(mean.count) seeds: \(mean.text(1))\u{A0}%"
        }
        return "\(sentence)."
    }

    /// Returns the methods that are shown first: zero-shot, and the best on validation, or on test without validation.
    ///
    /// If `dataset` is nil, a method has the mean over all data sets.
    func leaders(on dataset: String?) -> Set<String> {
        let most = 5
        let datasets = dataset.map { [$0] } ?? datasets
        let largest = shots.last
        let ranks = methods.filter { $0 != "zero-shot" }.map { method in
            let own = runs.map(\.line).filter {
                $0.method == method && (isLevel(method) || $0.shots == largest)
            }
            let means = datasets.compactMap { dataset in
                Summary(own.filter { $0.dataset == dataset }.compactMap { $0.val_accuracy ?? $0.test_accuracy })?.mean
            }
            return (method: method, mean: means.count == datasets.count ? Summary(means)?.mean ?? 0 : 0)
        }
        // Equal means keep the order of methods.
        let best = ranks.enumerated().sorted { ($1.element.mean, $0.offset) < ($0.element.mean, $1.offset) }
        return Set(best.prefix(most).map(\.element.method) + ["zero-shot"])
    }
}

/// Returns the 95 % confidence interval of a proportion by Wilson's formula.
package func wilsonInterval(_ count: Int, of total: Int) -> ClosedRange<Double> {
    let z = 1.959963984540054
    let n = Double(total)
    let share = Double(count) / n
    let center = share + z * z / (2 * n)
    let margin = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return max(0, (center - margin) / scale) ... min(1, (center + margin) / scale)
}
