internal import Command
internal import TrainCommands

@main
enum Main {
    static func main() { runTool(TrainTool.self) }
}
