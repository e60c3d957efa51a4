public import Kernels
internal import Synchronization

/// Products of items with matrices that several methods use, computed once.
///
/// Only products with matrices that were named by ``share(_:)`` are kept, such as the class texts and the keys of a
/// few-shot sample. Equal matrices share their memory, so comparing them costs nothing.
public final class SharedProducts: Sendable {
    /// The order of a product's columns.
    enum Arrangement { case plain, sweep }

    private struct Entry {
        let block: Range<Int>
        let factor: Matrix
        let arrangement: Arrangement
        let product: Matrix

        func isFor(_ block: Range<Int>, _ factor: Matrix, _ arrangement: Arrangement) -> Bool {
            self.block == block && self.arrangement == arrangement && self.factor == factor
        }
    }

    private struct State {
        var factors: [Matrix] = []
        var entries: [Entry] = []
        var bytes = 0
    }

    private let state = Mutex(State())
    private let byteLimit: Int

    /// Keeps at most `byteLimit` bytes of products.
    public init(byteLimit: Int = 256 << 20) { self.byteLimit = byteLimit }

    /// Keeps the products with `factor` from now on.
    public func share(_ factor: Matrix) { state.withLock { $0.factors.append(factor) } }

    /// The product of the items `block` with `factor`; computed by `make` if it is not kept.
    func product(
        of block: Range<Int>, with factor: Matrix, _ arrangement: Arrangement, make: () -> Matrix
    ) -> Matrix {
        let known = state.withLock { state -> (isShared: Bool, product: Matrix?) in
            guard state.factors.contains(factor) else { return (false, nil) }
            return (true, state.entries.first { $0.isFor(block, factor, arrangement) }?.product)
        }
        if let product = known.product { return product }
        let product = make()
        guard known.isShared else { return product }
        state.withLock { state in
            let bytes = product.elements.count * MemoryLayout<Float>.stride
            guard state.bytes + bytes <= byteLimit,
                !state.entries.contains(where: { $0.isFor(block, factor, arrangement) })
            else { return }
            state.entries.append(Entry(block: block, factor: factor, arrangement: arrangement, product: product))
            state.bytes += bytes
        }
        return product
    }
}
