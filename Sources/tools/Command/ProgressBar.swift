public import Core

/// A progress display on stderr: a bar with rate and remaining time on a terminal, otherwise one line at the end.
public struct ProgressBar {
    private let label: String
    private let unit: String
    private let isTerminal = Terminal.isThere
    private let hasColor = (Terminal.setting("NO_COLOR") ?? "").isEmpty
    private let start = ContinuousClock.now
    private var drawn: ContinuousClock.Instant?
    private var last = (done: 0, total: 0)

    /// Creates a bar that counts `unit`, such as `rows` or `steps`, with the title `label`.
    public init(_ label: String, unit: String) {
        self.label = label
        self.unit = unit
    }

    /// Draws the bar for `done` of `total` units at most ten times per second; `note` is the state, such as the loss.
    public mutating func update(_ done: Int, of total: Int, note: String = "") {
        last = (done, total)
        guard isTerminal else { return }
        let now = ContinuousClock.now
        if let drawn, now - drawn < .milliseconds(100) { return }
        drawn = now
        var line = "\(label) \(bar(done, total)) \(done)/\(total) \(unit), \(rate)"
        if done > 0, total > done { line += ", \(Self.time(elapsed * Double(total - done) / Double(done))) left" }
        if !note.isEmpty { line += ", \(note)" }
        // A line longer than the terminal's width could not be overwritten.
        Terminal.write("\r\u{1b}[2K\(line.prefix(max(20, Terminal.size.columns - 1)))")
    }

    /// Replaces the bar by a line that reports the finished work.
    public func finish(_ note: String = "") {
        guard last.total > 0 else { return }
        let rest = note.isEmpty ? "" : ", \(note)"
        let line = "\(label): \(last.done) \(unit) in \(Self.time(elapsed)), \(rate)\(rest)"
        printMessage(isTerminal ? "\r\u{1b}[2K\(line)" : line)
    }

    /// Removes the bar before an error is printed.
    public func clear() { if isTerminal, drawn != nil { Terminal.write("\r\u{1b}[2K") } }

    private var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    private var rate: String {
        let perSecond = Double(last.done) / max(elapsed, 1e-3)
        return perSecond >= 10 ? "\(Int(perSecond)) \(unit)/s" : "\(Self.tenths(perSecond)) \(unit)/s"
    }

    private func bar(_ done: Int, _ total: Int) -> String {
        let width = 24
        let full = total > 0 ? min(width, done * width / total) : 0
        let left = String(repeating: "━", count: full)
        let right = String(repeating: "─", count: width - full)
        return hasColor ? "\u{1b}[32m\(left)\u{1b}[0m\(right)" : left + right
    }

    /// Formats a duration with two units at most.
    private static func time(_ seconds: Double) -> String {
        guard seconds >= 10 else { return "\(tenths(seconds)) s" }
        let whole = Int(min(seconds, 1e9).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
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
