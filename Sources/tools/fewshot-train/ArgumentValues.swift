public import ArgumentParser
public import Artifacts
public import Datasets
public import Studies

// The libraries' words as arguments.
extension Part: ExpressibleByArgument {}
extension FewShotDraw.Scheme: ExpressibleByArgument {}
extension SelectionProtocol: ExpressibleByArgument {}
extension ValidationSize: ExpressibleByArgument {}
