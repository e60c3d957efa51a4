internal import Adapter
internal import ArgumentParser
internal import Command
internal import Studies

struct MethodsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods", abstract: "List the methods, their settings and the defaults.")

    @OptionGroup var printing: OutputOptions

    func run() {
        let all = MethodDescription.all
        let page = all.map { method in
            let settings = method.settings.sorted { $0.key < $1.key }.map { "  \($0.key) = \($0.value)\n" }
            let remark = method.origin.remark.map { " (\($0))" } ?? ""
            return "\(method.name): \(method.summary)\(remark)\n" + settings.joined()
        }
        printing.print(all, page: page.joined(separator: "\n"))
    }
}
