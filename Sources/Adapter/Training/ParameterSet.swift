public import Kernels

/// A named tensor of a parameter set.
public struct ParameterTensor<Root: Sendable>: Sendable {
    /// The name in checkpoints and gradients.
    public let name: String
    /// The place of the tensor in its set.
    public let path: any WritableKeyPath<Root, Matrix> & Sendable
    /// The learning rate as a multiple of the schedule's; nil for state without a gradient.
    public let rate: Float?

    /// Takes the name, place and relative learning rate of a tensor.
    public init(_ name: String, _ path: any WritableKeyPath<Root, Matrix> & Sendable, rate: Float? = 1) {
        self.name = name
        self.path = path
        self.rate = rate
    }
}

/// Named tensors that optimizers, checkpoints and gradient checks share.
public protocol ParameterSet: Sendable {
    /// All tensors.
    func tensors() -> [ParameterTensor<Self>]
}

extension ParameterSet {
    /// The gradients of the trained tensors, by name.
    public typealias Gradient = [String: TensorGradient]
}
