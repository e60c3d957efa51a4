public import ArgumentParser
public import CLIP
public import Core
public import Splits
public import Studies

// Enumerations of the libraries as arguments.
extension Subset: ExpressibleByArgument {}
extension FewShotSample.Scheme: ExpressibleByArgument {}
extension SelectionProtocol: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension ValidationSize: ExpressibleByArgument {}

/// The option of a finished run.
struct RunArgument: ParsableArguments {
    @Option(name: .customLong("run"), help: "A run's folder, or an adapter.safetensors.", completion: .directory)
    var path: String

    func read() throws(Fault) -> SavedRun { try SavedRun(path: path) }
}
