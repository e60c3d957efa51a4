internal import COneDNN
import Synchronization

/// A compiled oneDNN product of bfloat16 matrices of one shape, for one thread at a time.
///
/// Products are kept for reuse, because the library compiles code for each shape.
@safe package final class BFloat16Product: @unchecked Sendable {  // lent to one thread at a time
    /// The shape of a product `c [m×n] (+)= a [m×k] · op(b)`, whose left factor is not transposed.
    package struct Shape: Hashable, Sendable {
        package var product: ProductShape
        /// Whether the product is added to `c`.
        package var accumulates: Bool
        /// Whether `b` is packed by ``BFloat16Product/pack(_:into:)``.
        let packsB: Bool

        package init(_ product: ProductShape, accumulates: Bool = false, packsB: Bool = false) {
            precondition(!product.transposesA)
            self.product = product
            self.accumulates = accumulates
            self.packsB = packsB
        }
    }

    private let handle: OpaquePointer
    private let shape: Shape
    private static let idle = Mutex<[Shape: [BFloat16Product]]>([:])

    private init(_ shape: Shape) {
        let product = shape.product
        guard
            let made = unsafe conednn_product_make(
                Int64(product.m), Int64(product.n), Int64(product.k), Int64(product.lda), Int64(product.ldb),
                Int64(product.ldc), product.transposesB ? 1 : 0, shape.accumulates ? 1 : 0, shape.packsB ? 1 : 0)
        else { preconditionFailure("oneDNN has no bfloat16 product of \(shape)") }
        unsafe handle = made
        self.shape = shape
    }

    deinit { unsafe conednn_product_free(handle) }

    /// Lends a product of `shape` to `body`.
    package static func with<Value: ~Copyable>(_ shape: Shape, _ body: (BFloat16Product) -> Value) -> Value {
        let product = idle.withLock { $0[shape]?.popLast() } ?? BFloat16Product(shape)
        defer { idle.withLock { $0[shape, default: []].append(product) } }
        return body(product)
    }

    /// The number of elements of a packed `b`.
    package var packedCount: Int { unsafe (Int(conednn_product_packed_size(handle)) + 1) / 2 }

    /// Whether two products use the same order of a packed `b`.
    package func packsAlike(_ other: BFloat16Product) -> Bool {
        unsafe conednn_product_packs_alike(handle, other.handle) != 0
    }

    /// Packs `b` for this product.
    package func pack(_ b: Span<BFloat16>, into packed: inout MutableSpan<BFloat16>) {
        precondition(
            b.count >= shape.product.extents.b && packed.count >= packedCount, "\(b.count) values for \(shape)")
        let status = unsafe b.withUnsafeBytes { b in
            unsafe packed.withUnsafeMutableBytes { packed in
                unsafe conednn_product_pack(
                    handle, b.assumingMemoryBound(to: UInt16.self).baseAddress,
                    packed.assumingMemoryBound(to: UInt16.self).baseAddress)
            }
        }
        precondition(status == 0, "oneDNN could not arrange a factor")
    }

    /// Computes `c (+)= a·b`.
    package func run(_ a: Span<BFloat16>, _ b: Span<BFloat16>, into c: inout MutableSpan<Float>) {
        let needed = shape.product.extents
        precondition(
            a.count >= needed.a && b.count >= (shape.packsB ? packedCount : needed.b) && c.count >= needed.c,
            "\(a.count), \(b.count) and \(c.count) values for \(shape)")
        let status = unsafe a.withUnsafeBytes { a in
            unsafe b.withUnsafeBytes { b in
                unsafe c.withUnsafeMutableBufferPointer { c in
                    unsafe conednn_product_run(
                        handle, a.assumingMemoryBound(to: UInt16.self).baseAddress,
                        b.assumingMemoryBound(to: UInt16.self).baseAddress, c.baseAddress)
                }
            }
        }
        precondition(status == 0, "oneDNN could not run a bfloat16 product")
    }
}
