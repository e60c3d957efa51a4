public import ArgumentParser
internal import Core
internal import Glibc

/// Parses the arguments of a tool, runs it, and reports errors in the same way for all tools.
///
/// An error is printed as `TOOL: error: SENTENCE` on stderr and determines the exit status, which is 64 for an invalid
/// argument.
public func runTool<Tool: ParsableCommand>(
    _ type: Tool.Type, arguments: some Sequence<String> = CommandLine.arguments.dropFirst()
) -> Never {
    let arguments = Array(arguments)
    restorePreload()
    // Ignoring this signal turns an exceeded file size limit into a reportable error.
    signal(SIGXFSZ, SIG_IGN)
    Interruption.install()
    MappingFailure.install()
    Fault.dialect = CommandLineDialect()
    keepFreedMemory()
    if let unknown = UnknownCommand(type, arguments) {
        printMessage("\(type._commandName): error: \(unknown.message)")
        exit(ExitStatus.usage.rawValue)
    }
    do {
        var command = try type.parseAsRoot(arguments)
        try command.run()
        Tool.exit()
    } catch let fault as Fault {
        printMessage("\(type._commandName): error: \(fault)")
        exit((fault.status == .interrupted ? Interruption.status : fault.status).rawValue)
    } catch {
        guard Tool.exitCode(for: error) == .validationFailure else { Tool.exit(withError: error) }
        let sentence = Tool.message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        let end = sentence.hasSuffix(".") ? sentence.dropLast() : Substring(sentence)
        let see = end.hasSuffix("?") ? " See" : "; see"
        printMessage("\(type._commandName): error: \(end)\(see) '\(commandName(type, arguments)) --help'.")
        exit(ExitStatus.usage.rawValue)
    }
}

/// Restores the variable `LD_PRELOAD`, which the launcher of a portable installation hides from the bundled loader, for
/// the programs that this one starts.
private func restorePreload() {
    let kept = "FEWSHOT_LD_PRELOAD"
    guard let value = unsafe getenv(kept) else { return }
    unsafe setenv("LD_PRELOAD", value, 1)
    unsafe unsetenv(kept)
}

/// Returns the name of the tool and the subcommand, for a reference to its help.
private func commandName(_ type: any ParsableCommand.Type, _ arguments: [String]) -> String {
    let verbs = type.configuration.subcommands.map { $0._commandName }
    let given = arguments.first.flatMap { verbs.contains($0) ? $0 : nil }
    guard let verb = given ?? type.configuration.defaultSubcommand?._commandName else { return type._commandName }
    return "\(type._commandName) \(verb)"
}

/// Returns the text of `--version`: the version, a line per library of arithmetic, and the number of threads.
public func toolVersion(_ libraries: [String] = []) -> String {
    (["fewshot \(fewshotVersion)"] + libraries + ["\(Parallel.threadCount) threads"]).joined(separator: "\n")
}

/// Prints a message on stderr; results are printed on stdout.
public func printMessage(_ line: String) { Terminal.write(line + "\n") }

/// Prints a result on stdout without a line end.
public func printResult(_ text: String) { writeAll(Array(text.utf8), to: STDOUT_FILENO) }
