public import ArgumentParser
internal import Core
internal import Glibc
internal import Kernels

/// Parses the arguments of a tool and runs it, with the manners that all tools share.
///
/// A fault is printed as `TOOL: error: SENTENCE` on stderr and becomes the exit status; a wrong argument is 64.
public func runTool<Tool: ParsableCommand>(_ type: Tool.Type) -> Never {
    // A limit on file sizes then is an error from write, which is reported, and not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    Interruption.install()
    MappingFailure.install()
    keepFreedMatrices()
    do {
        var command = try type.parseAsRoot()
        try command.run()
        Tool.exit()
    } catch let fault as Fault {
        printMessage("\(type._commandName): error: \(fault)")
        exit((fault.status == .interrupted ? Interruption.status : fault.status).rawValue)
    } catch {
        guard Tool.exitCode(for: error) == .validationFailure else { Tool.exit(withError: error) }
        let sentence = Tool.message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        let end = sentence.hasSuffix(".") ? sentence.dropLast() : Substring(sentence)
        printMessage("\(type._commandName): error: \(end); see '\(commandName(type)) --help'.")
        exit(ExitStatus.usage.rawValue)
    }
}

/// The tool with the verb that it was called with, whose help says more.
private func commandName(_ type: any ParsableCommand.Type) -> String {
    let verbs = type.configuration.subcommands.map { $0._commandName }
    guard let verb = CommandLine.arguments.dropFirst().first, verbs.contains(verb) else { return type._commandName }
    return "\(type._commandName) \(verb)"
}

/// The text of `--version`: what made the files, and what does the arithmetic here.
public var toolVersion: String {
    let arithmetic = Arithmetic.current
    return
        "fewshot \(fewshotVersion)\n\(arithmetic.matrixProduct)\n\(arithmetic.bfloat16)\n\(arithmetic.threads) threads"
}

/// Prints one line on stderr, where messages and progress go; results go to stdout.
public func printMessage(_ line: String) { writeAll(Array((line + "\n").utf8), to: STDERR_FILENO) }

/// Prints a result on stdout as it is.
public func printResult(_ text: String) { writeAll(Array(text.utf8), to: STDOUT_FILENO) }

func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        // Nobody listens any more: there is nothing left to say.
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
