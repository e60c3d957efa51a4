internal import Command
internal import ReportCommands

@main
enum Main {
    static func main() { runTool(ReportTool.self) }
}
