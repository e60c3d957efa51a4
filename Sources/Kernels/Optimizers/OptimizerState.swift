extension Optimizer {
    /// The values that an optimizer keeps between the steps of one tensor.
    ///
    /// Adam and AdamW keep the running means of the gradient and of its square; SGD keeps its velocity in ``first``.
    public struct State: Sendable, Equatable {
        public var first: Matrix
        public var second: Matrix

        /// Zeros in the shape of `tensor`, as before the first step.
        public init(like tensor: Matrix) {
            first = .zeros(tensor.rows, tensor.columns)
            second = .zeros(tensor.rows, tensor.columns)
        }

        /// Takes matrices of the tensor's shape.
        public init(first: Matrix, second: Matrix) {
            self.first = first
            self.second = second
        }
    }
}
