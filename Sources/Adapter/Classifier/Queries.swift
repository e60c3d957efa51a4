internal import Kernels

/// The features of a block of items as terms read them, with the products that several methods share.
///
/// Queries made from other features, such as a transform's, share nothing, so a product never stands for that of other
/// features.
package struct Queries: Sendable {
    let features: Matrix  // One row per item [B×D]
    private let shared: (products: SharedProducts, block: Range<Int>)?

    /// Takes features [B×D] that share no products.
    init(_ features: Matrix) {
        self.features = features
        shared = nil
    }

    /// Takes the unit features [B×D] of the items `block`.
    init(_ features: Matrix, block: Range<Int>, sharing products: SharedProducts) {
        self.features = features
        shared = (products, block)
    }

    /// `f·factorᵀ` [B×N] for a factor [N×D].
    func similarities(to factor: Matrix) -> Matrix {
        shared(factor, .plain) { product(features, factor, transposingB: true) }
    }

    /// The affinities of a search with the keys of `sweep`, which were arranged from `keys`.
    func affinities(to keys: Matrix, in sweep: CacheSweep) -> Matrix {
        shared(keys, .sweep) { sweep.affinities(of: features) }
    }

    private func shared(
        _ factor: Matrix, _ arrangement: SharedProducts.Arrangement, make: () -> Matrix
    ) -> Matrix {
        guard let shared else { return make() }
        return shared.products.product(of: shared.block, with: factor, arrangement, make: make)
    }
}
