internal import Command
internal import SplitCommands

@main
enum Main {
    static func main() { runTool(SplitTool.self) }
}
