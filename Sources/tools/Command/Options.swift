public import ArgumentParser
public import Core

/// The option `--json`, which prints results as one JSON value instead of text.
public struct OutputOptions: ParsableArguments {
    /// Whether JSON is printed.
    @Flag(help: "Print the result as JSON.")
    public var json = false

    /// Creates the options for parsing.
    public init() {}

    /// Prints `value` as JSON, or else `page`, on stdout.
    public func print(_ value: some Encodable, page: String) { printResult(json ? JSONDocument.page(value) : page) }
}

/// The option `--threads`.
public struct ThreadOptions: ParsableArguments {
    /// The number of threads; nil for all cores.
    @Option(help: "Number of threads. (default: all cores)")
    public var threads: Int?

    /// Creates the options for parsing.
    public init() {}

    /// Checks the range.
    public func validate() throws {
        guard let threads else { return }
        guard (1 ... 4096).contains(threads) else { throw ValidationError("--threads must be 1 to 4096") }
    }

    /// Sets the number of threads for the whole process.
    public func apply() { if let threads { Parallel.threadCount = threads } }
}

extension PrecisionRequest: ExpressibleByArgument {
    /// Parses `auto`, `f32` or `bf16`; nil for another word.
    public init?(argument: String) { self.init(word: argument) }
    /// The word of the default in help texts.
    public var defaultValueDescription: String { word }
    /// The accepted words.
    public static var allValueStrings: [String] { allCases.map(\.word) }
}
