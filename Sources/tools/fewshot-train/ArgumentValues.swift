public import ArgumentParser
public import CLIP
public import Core
public import Datasets
public import Studies

// Enumerations of the libraries as arguments.
extension Part: ExpressibleByArgument {}
extension FewShotDraw.Scheme: ExpressibleByArgument {}
extension SelectionProtocol: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension ValidationSize: ExpressibleByArgument {}
