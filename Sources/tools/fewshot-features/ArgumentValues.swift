public import ArgumentParser
public import CLIP
public import Datasets
public import FeatureStore
public import Images

// Enumerations of the libraries as arguments.
extension Activation: ExpressibleByArgument {}
extension Preprocessing.Augmentation: ExpressibleByArgument {}
extension PassOrder: ExpressibleByArgument {}
extension FewShotDraw.Scheme: ExpressibleByArgument {}
extension FeatureType: ExpressibleByArgument {}
