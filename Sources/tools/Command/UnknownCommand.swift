public import ArgumentParser
internal import Core

/// A command with subcommands that suggests one of them for a word that is none.
public protocol SuggestingCommand: ParsableCommand {
    /// Returns the subcommand that the user may have meant by `word`, with the words after it; nil for none.
    static func suggestion(for word: String) -> String?
}

/// A word in a command line where the name of a command was expected.
struct UnknownCommand {
    /// The sentence for the user.
    let message: String

    /// The first such word of `arguments`; nil if there is none before the first option.
    init?(_ tool: any ParsableCommand.Type, _ arguments: some Sequence<String>) {
        var command = tool
        var path = tool._commandName
        for word in arguments {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            guard let next = subcommands.first(where: { Self.names(of: $0).contains(word) }) else {
                // The default command may take a file.
                let isFile = word.contains { $0 == "." || $0 == "/" } || FileKind(at: word) != .absent
                if isFile, command.configuration.defaultSubcommand != nil { return nil }
                message = Self.message(word, in: command, path)
                return
            }
            command = next
            path += " \(word)"
        }
        return nil
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }

    private static func message(_ word: String, in command: any ParsableCommand.Type, _ path: String) -> String {
        let subcommands = command.configuration.subcommands
        let suggestion =
            (command as? any SuggestingCommand.Type)?.suggestion(for: word)
            ?? nearestNames(to: word, among: subcommands.flatMap(names)).first
        let help = "see '\(path) --help'"
        guard let suggestion else {
            let expected = subcommands.map { $0._commandName }.joined(separator: ", ")
            return "unknown command '\(path) \(word)', expected one of \(expected); \(help)."
        }
        return "unknown command '\(path) \(word)': did you mean '\(path) \(suggestion)'? Otherwise \(help)."
    }
}
