/// Advice that ends the sentence of a fault.
///
/// It may name options and actions. A library words them plainly, and a command-line tool as flags and commands.
public struct Remedy: Sendable, Equatable, ExpressibleByStringInterpolation, CustomStringConvertible {
    fileprivate enum Piece: Sendable, Equatable {
        case text(String)
        case option(OptionName, value: String?)
        case action(Action)
    }

    private var pieces: [Piece]

    /// Advice that names neither options nor actions.
    public init(_ text: String) { pieces = [.text(text)] }

    /// Advice from a literal.
    public init(stringLiteral text: String) { self.init(text) }

    /// Advice from a literal with values, options or actions.
    public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    /// The advice in the words of this process.
    public var description: String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .option(let name, let value): name.description + (value.map { " \($0)" } ?? "")
            case .action(let action): Fault.dialect.words(for: action)
            }
        }.joined()
    }

    /// Whether there is no advice.
    public var isEmpty: Bool { pieces.allSatisfy { $0 == .text("") } }

    /// Whether the advice contains `text` in the words of this process.
    public func contains(_ text: String) -> Bool { description.contains(text) }

    /// Returns both pieces of advice as one.
    public static func + (left: Remedy, right: Remedy) -> Remedy {
        var sum = left
        sum += right
        return sum
    }

    /// Appends advice.
    public static func += (remedy: inout Remedy, other: Remedy) { remedy.pieces += other.pieces }

    /// Collects text, `\(option: "name")`, `\(option: "name", "value")` and `\(action: .case)`.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        /// Starts without text.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Adds text; adjacent texts are one piece, so that equal advice is equal however it was composed.
        public mutating func appendLiteral(_ text: String) {
            guard !text.isEmpty else { return }
            if case .text(let last)? = pieces.last {
                pieces[pieces.count - 1] = .text(last + text)
            } else {
                pieces.append(.text(text))
            }
        }

        /// Adds a value as text.
        public mutating func appendInterpolation(_ value: some Any) { appendLiteral("\(value)") }

        /// Adds an option, with a value for it if there is one.
        public mutating func appendInterpolation(option name: OptionName, _ value: String? = nil) {
            pieces.append(.option(name, value: value))
        }

        /// Adds an action.
        public mutating func appendInterpolation(action: Action) { pieces.append(.action(action)) }
    }
}

/// The name of an option, such as `max_memory`.
public struct OptionName: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name in a library's settings.
    public let name: String

    /// The option called `name`.
    public init(_ name: String) { self.name = name }

    /// The option called `name`.
    public init(stringLiteral name: String) { self.name = name }

    /// The name in the words of this process: `max_memory`, or `--max-memory` in a tool.
    public var description: String { Fault.dialect.words(for: self) }
}

/// An action that mends what a fault is about, for which the tools have a command.
public enum Action: Sendable, Equatable {
    case importFeatures
    case importFolder
    case importList
    case showDataset(String)
    /// Adds the items of further few-shot samples to existing features.
    case addSamples
    case verifyFeatures
    case unpack(String)
    case planShards
    case runShards
    case showShards(plan: String)
    /// Makes the shards again that the status of a plan names.
    case remakeShards(plan: String)
    /// Makes some shards of a plan again, such as `1,4`.
    case runWorker(shards: String, plan: String)
    case checkSplit(String, root: String)
    case listDatasets
    case importSplit
    case showClasses
    case listTemplates
}

/// The wording of the options and actions that faults name.
public protocol FaultDialect: Sendable {
    /// The name of an option.
    func words(for option: OptionName) -> String
    /// An imperative phrase, such as `verify the features`.
    func words(for action: Action) -> String
}

/// The words of a library, which has neither flags nor commands.
struct PlainDialect: FaultDialect {
    func words(for option: OptionName) -> String { option.name }

    func words(for action: Action) -> String {
        switch action {
        case .importFeatures: "import the features"
        case .importFolder: "import the folder"
        case .importList: "import the list"
        case .showDataset(let name): "see the catalog entry '\(name)'"
        case .addSamples: "add these samples to the features"
        case .verifyFeatures: "verify the features"
        case .unpack(let folder): "unpack the features of '\(folder)'"
        case .planShards: "make the plan again"
        case .runShards: "make the shard again"
        case .showShards(let plan): "read the status of '\(plan)'"
        case .remakeShards(let plan): "read the status of '\(plan)' and make the shards again that it names"
        case .runWorker(let shards, let plan): "make the shards \(shards) of '\(plan)' again"
        case .checkSplit(let split, let root): "compare '\(split)' with the images in '\(root)'"
        case .listDatasets: "see the catalog"
        case .importSplit: "import your own data"
        case .showClasses: "see the split's class names"
        case .listTemplates: "list the template sets"
        }
    }
}
