/// Storage that lends its elements for writing.
@usableFromInline
package protocol MutableStorage<Element>: ~Copyable, ~Escapable {
    associatedtype Element

    /// Lends all elements.
    @_lifetime(&self)
    mutating func lend() -> MutableSpan<Element>
}

extension Array: MutableStorage {
    @inlinable @_lifetime(&self)
    package mutating func lend() -> MutableSpan<Element> { mutableSpan }
}

extension Matrix: MutableStorage {
    @inlinable @_lifetime(&self)
    package mutating func lend() -> MutableSpan<Float> { mutableSpan }
}

extension Scratch: MutableStorage {
    @inlinable @_lifetime(&self)
    package mutating func lend() -> MutableSpan<Element> { mutableSpan }
}

extension MutableSpan: MutableStorage {
    @inlinable @_lifetime(&self)
    package mutating func lend() -> MutableSpan<Element> { _mutatingExtracting(0 ..< count) }
}

/// Lends the elements of two storages at once, even if both are fields of one value.
///
/// (Two borrowed properties of one value would overlap.)
@inlinable
package func lend<
    A: MutableStorage & ~Copyable & ~Escapable, B: MutableStorage & ~Copyable & ~Escapable, Result: ~Copyable
>(
    _ a: inout A, _ b: inout B, to body: (inout MutableSpan<A.Element>, inout MutableSpan<B.Element>) -> Result
) -> Result {
    var a = a.lend()
    var b = b.lend()
    return body(&a, &b)
}
