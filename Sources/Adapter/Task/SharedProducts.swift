public import Kernels
internal import Synchronization

/// Products of items with matrices that several methods multiply them with: formed by the first who asks.
///
/// Only matrices that were named are kept, such as the class texts and the keys of a sample: what one method trains is no
/// use to others. Equal matrices share their memory, so that to compare them costs nothing.
public final class SharedProducts: Sendable {
    private struct Entry {
        let block: Range<Int>
        let factor: Matrix
        let product: Matrix
    }

    private struct State {
        var factors: [Matrix] = []
        var entries: [Entry] = []
        var bytes = 0
    }

    private let state = Mutex(State())
    private let byteLimit: Int

    public init(byteLimit: Int = 256 << 20) { self.byteLimit = byteLimit }

    /// Says that many will ask for products with `factor`.
    public func share(_ factor: Matrix) { state.withLock { $0.factors.append(factor) } }

    /// The product of the items `block` with `factor`, which `make` forms where no one has.
    func product(of block: Range<Int>, with factor: Matrix, make: () -> Matrix) -> Matrix {
        let known = state.withLock { state -> (isShared: Bool, product: Matrix?) in
            guard state.factors.contains(factor) else { return (false, nil) }
            return (true, state.entries.first { $0.block == block && $0.factor == factor }?.product)
        }
        if let product = known.product { return product }
        let product = make()
        guard known.isShared else { return product }
        state.withLock { state in
            let bytes = product.elements.count * MemoryLayout<Float>.stride
            guard state.bytes + bytes <= byteLimit,
                !state.entries.contains(where: { $0.block == block && $0.factor == factor })
            else { return }
            state.entries.append(Entry(block: block, factor: factor, product: product))
            state.bytes += bytes
        }
        return product
    }
}

/// A value that is made once, by the first who asks, and lent to all.
final class Memo<Value: Sendable>: Sendable {
    private let made = Mutex<Value?>(nil)

    func value<Failure: Error>(_ make: () throws(Failure) -> Value) throws(Failure) -> Value {
        if let value = made.withLock({ $0 }) { return value }
        // Two who ask at once both make it, rather than that one waits inside a lock for work on all threads.
        let value = try make()
        return made.withLock { made in
            if let first = made { return first }
            made = value
            return value
        }
    }
}
