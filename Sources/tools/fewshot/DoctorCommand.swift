internal import ArgumentParser
internal import Command
internal import Core

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this machine has and what the tools use of it, for a bug report.",
        discussion: """
            Shows the processor and its instructions, the kernels that were chosen, memory, versions, and the \
            environment variables that matter. Reads no data and writes nothing. Look through it before you paste it: it \
            contains the folder of the installation.
            """)

    @OptionGroup var result: OutputOptions

    func run() throws {
        let machine = try Machine()
        result.print(machine, page: machine.page)
    }
}
