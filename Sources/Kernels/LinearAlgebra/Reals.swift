internal import Core

/// A run of `Float` or `Double` in memory, for work in either precision; see ``Strip``.
///
/// It neither owns nor outlives what it points at. Accesses are checked in debug builds.
@safe struct Reals<Value: SIMDScalar & BinaryFloatingPoint>: @unchecked Sendable {  // each task writes its own part
    private let base: UnsafeMutablePointer<Value>
    let count: Int

    init(_ base: UnsafeMutablePointer<Value>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    /// The address, for the library's calls.
    var address: UnsafeMutablePointer<Value> { unsafe base }

    @inline(__always)
    subscript(index: Int) -> Value {
        get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    /// Lanes `index ..< index + 8`.
    @inline(__always)
    subscript(lanes index: Int) -> SIMD8<Value> {
        get {
            assert(index >= 0 && index + 8 <= count)
            return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Value>.self)
        }
        nonmutating set {
            assert(index >= 0 && index + 8 <= count)
            unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: newValue, as: SIMD8<Value>.self)
        }
    }

    /// Elements `range`.
    @inline(__always)
    subscript(range: Range<Int>) -> Reals {
        assert(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe Reals(base + range.lowerBound, count: range.count)
    }

    /// Elements from `start` to the end.
    func from(_ start: Int) -> Reals { self[start ..< count] }
}

extension Array where Element: SIMDScalar & BinaryFloatingPoint {
    /// Lends the elements for reading.
    func lend<Result>(_ body: (Reals<Element>) -> Result) -> Result {
        unsafe withUnsafeBufferPointer { buffer in
            var none: Element = 0
            guard let base = buffer.baseAddress else { return unsafe body(Reals(&none, count: 0)) }
            // Reading only: the run that would let a kernel write goes no further than `body`.
            return body(unsafe Reals(UnsafeMutablePointer(mutating: base), count: buffer.count))
        }
    }

    /// Lends the elements for writing.
    mutating func lendForWriting<Result>(_ body: (Reals<Element>) -> Result) -> Result {
        unsafe withUnsafeMutableBufferPointer { buffer in
            var none: Element = 0
            guard let base = buffer.baseAddress else { return unsafe body(Reals(&none, count: 0)) }
            return body(unsafe Reals(base, count: buffer.count))
        }
    }
}

/// `op(a)·op(b)` of row-major numbers.
func realProduct<Value: Real>(_ a: [Value], _ b: [Value], shape: RealShape) -> [Value] {
    var c = [Value](repeating: 0, count: shape.m * shape.n)
    a.lend { a in b.lend { b in c.lendForWriting { c in multiply(a, b, into: c, shape: shape) } } }
    return c
}

/// `c ← op(a)·op(b)` of row-major numbers, on all threads, in pieces that follow from the shape alone.
func multiply<Value: Real>(_ a: Reals<Value>, _ b: Reals<Value>, into c: Reals<Value>, shape: RealShape) {
    let size = min(128, max(32, (shape.m + 7) / 8))
    Parallel.forEachPiece(of: shape.m, size: size) { rows in
        var piece = shape
        piece.m = rows.count
        let start = rows.lowerBound * (shape.transposesA ? 1 : shape.lda)
        Value.multiply(a.from(start), b, into: c.from(rows.lowerBound * shape.ldc), shape: piece, alpha: 1, beta: 0)
    }
}
