internal import Command
internal import FeaturesCommands

@main
enum Main {
    static func main() { runTool(FeaturesTool.self) }
}
