public import Core

/// A progress display on stderr: a bar with rate and remaining time on a terminal, otherwise one line at the end.
///
/// Its clock starts when it is created, so it is created before the work.
public struct ProgressBar {
    private let isTerminal = Terminal.isThere
    private let hasColor = (Terminal.setting("NO_COLOR") ?? "").isEmpty
    private let start = ContinuousClock.now
    private var drawn: ContinuousClock.Instant?
    private var line: ProgressLine

    /// Creates a bar that counts `unit`, such as `rows` or `steps`, with the title `label`.
    ///
    /// Units that take very different times have neither rate nor remaining time (`isEven`).
    public init(_ label: String, unit: String, isEven: Bool = true) {
        line = ProgressLine(label, unit: unit, isEven: isEven)
    }

    /// Draws the bar for `done` of `total` units at most ten times per second; `note` is the state, such as the loss.
    public mutating func update(_ done: Int, of total: Int, note: String = "") {
        line.done = done
        line.total = total
        line.note = note
        guard isTerminal else { return }
        let now = ContinuousClock.now
        if let drawn, now - drawn < .milliseconds(100) { return }
        drawn = now
        line.seconds = elapsed
        Terminal.write("\r\u{1b}[2K\(line.text(columns: Terminal.size.columns - 1, hasColor: hasColor))")
    }

    /// Replaces the bar by a line that reports the finished work, if there was any.
    public mutating func finish(_ note: String = "") {
        line.seconds = elapsed
        line.note = note
        clear()
        if line.done > 0 { printMessage(line.summary) }
    }

    /// Removes the bar before an error is printed.
    public func clear() { if isTerminal, drawn != nil { Terminal.write("\r\u{1b}[2K") } }

    private var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }
}

/// Runs `body`, which receives a function to report the amounts of finished and of all work, with a progress bar.
///
/// - Throws: errors of `body`, and `interrupted` after Ctrl-C.
public func withProgress<Value>(
    _ label: String, unit: String, _ body: ((Int, Int) throws(Fault) -> Void) throws(Fault) -> Value
) throws(Fault) -> Value {
    var bar = ProgressBar(label, unit: unit)
    // Work on several files counts from zero for each; the bar adds the counts.
    var before = (done: 0, total: 0)
    var last = (done: 0, total: 0)
    do throws(Fault) {
        let value = try body { done, total throws(Fault) in
            if done < last.done { before = (before.done + last.done, before.total + last.total) }
            last = (done, total)
            bar.update(before.done + done, of: before.total + total)
            try Interruption.check(label)
        }
        bar.finish()
        return value
    } catch {
        bar.clear()
        throw error
    }
}
