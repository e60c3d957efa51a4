internal import COneDNN
import Synchronization

/// A compiled oneDNN product of bfloat16 matrices of one shape, for one thread at a time.
///
/// Products are kept for reuse, because the library compiles code for each shape.
@safe package final class BFloat16Product: @unchecked Sendable {  // lent to one thread at a time
    /// The shape `c [m×n] (+)= a [m×k] · b`, with `b` [k×n], or [n×k] if it is transposed.
    package struct Shape: Hashable, Sendable {
        package var m: Int
        package var n: Int
        package var k: Int
        package var lda: Int
        package var ldb: Int
        package var ldc: Int
        package var transposesB: Bool
        package var accumulates: Bool
        /// Whether `b` is packed by ``BFloat16Product/pack(_:into:)``.
        package var packsB: Bool

        package init(
            m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int, transposesB: Bool, accumulates: Bool,
            packsB: Bool = false
        ) {
            self.m = m
            self.n = n
            self.k = k
            self.lda = lda
            self.ldb = ldb
            self.ldc = ldc
            self.transposesB = transposesB
            self.accumulates = accumulates
            self.packsB = packsB
        }
    }

    private let handle: OpaquePointer
    private let shape: Shape
    private static let idle = Mutex<[Shape: [BFloat16Product]]>([:])

    private init(_ shape: Shape) {
        guard
            let made = unsafe conednn_product_make(
                Int64(shape.m), Int64(shape.n), Int64(shape.k), Int64(shape.lda), Int64(shape.ldb), Int64(shape.ldc),
                shape.transposesB ? 1 : 0, shape.accumulates ? 1 : 0, shape.packsB ? 1 : 0)
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
        precondition(b.count >= plainCount && packed.count >= packedCount, "\(b.count) values for \(shape)")
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
        precondition(
            a.count >= (shape.m - 1) * shape.lda + shape.k && b.count >= (shape.packsB ? packedCount : plainCount)
                && c.count >= (shape.m - 1) * shape.ldc + shape.n,
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

    /// The number of elements of an unpacked `b`, from the first to the last.
    private var plainCount: Int {
        shape.transposesB ? (shape.n - 1) * shape.ldb + shape.k : (shape.k - 1) * shape.ldb + shape.n
    }
}
