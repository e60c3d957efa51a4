internal import COneDNN

/// Values in bfloat16: the upper half of a `Float`, rounded to nearest even.
///
/// Products of such values run several times faster where the processor has them (AMX, AVX512_BF16). A unit row keeps
/// its direction to about 1e-4.
@safe package struct BrainFloat: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt16>
    package let count: Int

    /// Whether the processor multiplies bfloat16 in hardware.
    package static let isAvailable = conednn_has_bfloat16() != 0

    package init(count: Int) {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 2), alignment: 64)
        unsafe base = raw.bindMemory(to: UInt16.self, capacity: count)
        self.count = count
    }

    deinit { unsafe base.deallocate() }

    /// Rounds `values` into the elements from `start` on, each times `scale`.
    @inline(__always)
    package func round(_ values: Strip, at start: Int, scale: Float = 1) {
        precondition(start >= 0 && start + values.count <= count)
        let out = unsafe base + start
        let whole = values.count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            let bits = unsafe unsafeBitCast(values[lanes: i] * scale, to: SIMD16<UInt32>.self)
            let up = bits &+ 0x7fff &+ ((bits &>> 16) & 1)
            let upper = SIMD16<UInt16>(truncatingIfNeeded: up &>> 16)
            unsafe UnsafeMutableRawPointer(out + i).storeBytes(of: upper, as: SIMD16<UInt16>.self)
        }
        for i in whole ..< values.count {
            let bits = (values[i] * scale).bitPattern
            unsafe out[i] = UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits &>> 16) & 1)) &>> 16)
        }
    }

    /// The address of element `start`, for the library's calls.
    fileprivate func address(_ start: Int) -> UnsafePointer<UInt16> { unsafe UnsafePointer(base + start) }

    /// A product of one shape, ready to run, for one thread at a time.
    @safe package struct Product: ~Copyable, @unchecked Sendable {
        private let handle: OpaquePointer

        /// `c [m×n] (+)= a [m×k] · b`, with `b` [k×n], or [n×k] if it is transposed.
        package init(
            m: Int, n: Int, k: Int, lda: Int, ldb: Int, ldc: Int, transposingB: Bool, accumulating: Bool
        ) {
            guard
                let made = unsafe conednn_product_make(
                    Int64(m), Int64(n), Int64(k), Int64(lda), Int64(ldb), Int64(ldc), transposingB ? 1 : 0,
                    accumulating ? 1 : 0)
            else { preconditionFailure("oneDNN has no bfloat16 product of \(m)×\(n)×\(k)") }
            unsafe handle = made
        }

        deinit { unsafe conednn_product_free(handle) }

        package func run(
            _ a: borrowing BrainFloat, from startA: Int, _ b: borrowing BrainFloat, from startB: Int, into c: Strip
        ) {
            let status = unsafe conednn_product_run(handle, a.address(startA), b.address(startB), c.address)
            precondition(status == 0, "oneDNN could not run a bfloat16 product")
        }
    }
}
