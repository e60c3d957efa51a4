internal import COneDNN
import Synchronization

/// Values in bfloat16: the upper half of a `Float`, rounded to nearest even.
///
/// Products of such values run several times faster where the processor has them (AMX, AVX512_BF16). A unit row keeps
/// its direction to about 1e-4.
@safe package struct BrainFloat: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt16>
    package let count: Int

    /// Whether the processor multiplies bfloat16 in hardware.
    package static let isAvailable = conednn_has_bfloat16() != 0

    /// Whether it does so on AMX tiles, several times faster than it multiplies `Float`.
    static let isMuchFaster = conednn_has_amx() != 0

    package init(count: Int) {
        let raw = unsafe MemoryPool.take(count * 2)
        unsafe base = raw.bindMemory(to: UInt16.self, capacity: count)
        self.count = count
    }

    deinit { unsafe MemoryPool.give(UnsafeMutableRawPointer(base), count * 2) }

    /// Rounds `values` into the elements from `start` on, each times `scale`.
    @inline(__always)
    package func round(_ values: Strip, at start: Int, scale: Float = 1) {
        precondition(start >= 0 && start + values.count <= count)
        let out = unsafe base + start
        let whole = values.count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            let rounded = roundedBits(values[lanes: i] * scale)
            unsafe UnsafeMutableRawPointer(out + i).storeBytes(of: upperHalves(rounded), as: SIMD16<UInt16>.self)
        }
        for i in whole ..< values.count {
            unsafe out[i] = roundedUp(values[i] * scale)
        }
    }

    /// Rounds `values`, each times `scale`, into the elements from `start` on, and what rounding lost into `low`'s.
    ///
    /// The two together keep 16 bits of each value's 24.
    @inline(__always)
    func split(_ values: Strip, at start: Int, scale: Float, low: borrowing BrainFloat) {
        precondition(start >= 0 && start + values.count <= min(count, low.count))
        let (high, out) = unsafe (base + start, low.base + start)
        let whole = values.count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            let x = values[lanes: i] * scale
            let upper = roundedBits(x) & 0xffff_0000
            let rest = unsafe roundedBits(x - unsafeBitCast(upper, to: SIMD16<Float>.self))
            unsafe UnsafeMutableRawPointer(high + i).storeBytes(of: upperHalves(upper), as: SIMD16<UInt16>.self)
            unsafe UnsafeMutableRawPointer(out + i).storeBytes(of: upperHalves(rest), as: SIMD16<UInt16>.self)
        }
        for i in whole ..< values.count {
            unsafe high[i] = roundedUp(values[i] * scale)
        }
        for i in whole ..< values.count {
            let kept = unsafe Float(bitPattern: UInt32(high[i]) &<< 16)
            unsafe out[i] = roundedUp(values[i] * scale - kept)
        }
    }

    /// Rounds `exp((x − 1)·rate)·factor` into the elements from `start` on, and zero where the factors have ended.
    @inline(__always)
    package func roundExponentials(_ values: Strip, at start: Int, rate: Float, factors: Strip) {
        precondition(start >= 0 && start + values.count <= count && factors.count <= values.count)
        let out = unsafe base + start
        let whole = factors.count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            let rounded = roundedBits(exponential((values[lanes: i] - 1) * rate) * factors[lanes: i])
            unsafe UnsafeMutableRawPointer(out + i).storeBytes(of: upperHalves(rounded), as: SIMD16<UInt16>.self)
        }
        for i in whole ..< factors.count { unsafe out[i] = roundedUp(exponential((values[i] - 1) * rate) * factors[i]) }
        for i in factors.count ..< values.count { unsafe out[i] = 0 }
    }

    /// The address of element `start`, for the library's calls.
    fileprivate func address(_ start: Int) -> UnsafePointer<UInt16> { unsafe UnsafePointer(base + start) }
    fileprivate func mutableAddress(_ start: Int) -> UnsafeMutablePointer<UInt16> { unsafe base + start }
}

/// Bits whose upper half is each lane rounded to bfloat16.
@inline(__always)
private func roundedBits(_ x: SIMD16<Float>) -> SIMD16<UInt32> {
    let bits = unsafe unsafeBitCast(x, to: SIMD16<UInt32>.self)
    return bits &+ 0x7fff &+ ((bits &>> 16) & 1)
}

/// The upper 16 bits of each lane.
@inline(__always)
private func upperHalves(_ x: SIMD16<UInt32>) -> SIMD16<UInt16> {
    unsafe unsafeBitCast(x, to: SIMD32<UInt16>.self).oddHalf
}

/// One value rounded to bfloat16.
@inline(__always)
private func roundedUp(_ x: Float) -> UInt16 {
    UInt16(truncatingIfNeeded: (x.bitPattern &+ 0x7fff &+ ((x.bitPattern &>> 16) & 1)) &>> 16)
}

/// The shape of a bfloat16 product: `c [m×n] (+)= a [m×k] · b`, with `b` [k×n], or [n×k] if it is transposed.
package struct BrainFloatShape: Hashable, Sendable {
    package var m: Int
    package var n: Int
    package var k: Int
    package var lda: Int
    package var ldb: Int
    package var ldc: Int
    package var transposesB: Bool
    package var accumulates: Bool
    /// Whether the product takes `b` as ``BrainFloatProduct/pack(_:from:into:at:)`` arranged it.
    package var packsB = false

    package init(
        m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int, transposesB: Bool, accumulates: Bool, packsB: Bool = false
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

/// A product of one shape, ready to run, for one thread at a time.
///
/// Made once and kept: the library compiles code for each shape.
@safe package final class BrainFloatProduct: @unchecked Sendable {  // lent to one thread at a time
    private let handle: OpaquePointer
    private let shape: BrainFloatShape
    private static let idle = Mutex<[BrainFloatShape: [BrainFloatProduct]]>([:])

    private init(_ shape: BrainFloatShape) {
        guard
            let made = unsafe conednn_product_make(
                Int64(shape.m), Int64(shape.n), Int64(shape.k), Int64(shape.lda), Int64(shape.ldb), Int64(shape.ldc),
                shape.transposesB ? 1 : 0, shape.accumulates ? 1 : 0,
                shape.packsB ? 1 : 0)
        else { preconditionFailure("oneDNN has no bfloat16 product of \(shape)") }
        unsafe handle = made
        self.shape = shape
    }

    deinit { unsafe conednn_product_free(handle) }

    /// Lends a product of `shape` to `body`.
    package static func with<Value: ~Copyable>(_ shape: BrainFloatShape, _ body: (BrainFloatProduct) -> Value) -> Value
    {
        let product = idle.withLock { $0[shape]?.popLast() } ?? BrainFloatProduct(shape)
        defer { idle.withLock { $0[shape, default: []].append(product) } }
        return body(product)
    }

    /// Elements of a packed `b`.
    package var packedCount: Int { unsafe (Int(conednn_product_packed_size(handle)) + 1) / 2 }

    /// Whether two products read a packed `b` in the same order.
    package func packsAlike(_ other: BrainFloatProduct) -> Bool {
        unsafe conednn_product_packs_alike(handle, other.handle) != 0
    }

    /// Arranges the `b` that starts at element `start` for runs of this product, at element `place` of `packed`.
    package func pack(_ b: borrowing BrainFloat, from start: Int, into packed: borrowing BrainFloat, at place: Int) {
        precondition(place >= 0 && place + packedCount <= packed.count)
        let status = unsafe conednn_product_pack(handle, b.address(start), packed.mutableAddress(place))
        precondition(status == 0, "oneDNN could not arrange a factor")
    }

    /// Runs on the elements of `a` from `startA` on and those of `b` from `startB` on.
    package func run(
        _ a: borrowing BrainFloat, from startA: Int, _ b: borrowing BrainFloat, from startB: Int, into c: Strip
    ) {
        let status = unsafe conednn_product_run(handle, a.address(startA), b.address(startB), c.address)
        precondition(status == 0, "oneDNN could not run a bfloat16 product")
    }
}
