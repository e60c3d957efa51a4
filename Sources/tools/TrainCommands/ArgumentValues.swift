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
