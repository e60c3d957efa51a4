public import ArgumentParser
public import CLIP
public import Extraction
public import FeatureStore
public import Images
public import Splits

// The libraries' words as arguments.
extension Activation: ExpressibleByArgument {}
extension PrecisionRequest: ExpressibleByArgument {}
extension Preprocessing.Augmentation: ExpressibleByArgument {}
extension PassOrder: ExpressibleByArgument {}
extension FewShotSample.Scheme: ExpressibleByArgument {}
extension FeatureType: ExpressibleByArgument {}
