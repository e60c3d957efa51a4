public import Kernels

/// One named tensor of a parameter set.
public struct ParameterTensor<Root: Sendable>: Sendable {
    public let name: String
    public let path: any WritableKeyPath<Root, Matrix> & Sendable
    /// Its learning rate as a multiple of the schedule's; nil for state that no gradient reaches.
    public let rate: Float?

    public init(_ name: String, _ path: any WritableKeyPath<Root, Matrix> & Sendable, rate: Float? = 1) {
        self.name = name
        self.path = path
        self.rate = rate
    }
}

/// Named, mutable tensors: declared once, used by the optimiser, checkpoints and the gradient check.
public protocol ParameterSet: Sendable {
    func tensors() -> [ParameterTensor<Self>]
}

extension ParameterSet {
    /// The gradients of the trained tensors, by name.
    public typealias Gradient = [String: TensorGradient]
}
