public import ArgumentParser
internal import Core

/// `--json`: results as one JSON value instead of lines for a reader.
public struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON.")
    public var json = false

    public init() {}

    /// Prints `value` as JSON, or `page`, on stdout.
    public func print(_ value: some Encodable, page: String) { printResult(json ? JSONDocument.page(value) : page) }
}

/// `--threads`: how many cores the work may use.
public struct ThreadOptions: ParsableArguments {
    @Option(help: "Threads to use (default: all cores).")
    public var threads: Int?

    public init() {}

    public func validate() throws {
        guard let threads else { return }
        guard (1 ... 4096).contains(threads) else { throw ValidationError("--threads takes 1 to 4096") }
    }

    /// Sets the number of threads for the whole process.
    public func apply() { if let threads { Parallel.threadCount = threads } }
}
