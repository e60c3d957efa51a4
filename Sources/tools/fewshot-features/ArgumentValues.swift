public import ArgumentParser
public import CLIP
internal import Extraction
public import FeatureStore
public import Images
public import Splits

// Enumerations of the libraries as arguments.
extension Activation: ExpressibleByArgument {}
extension Preprocessing.Augmentation: ExpressibleByArgument {}
extension PassOrder: ExpressibleByArgument {}
extension FewShotSample.Scheme: ExpressibleByArgument {}
extension FeatureType: ExpressibleByArgument {}
