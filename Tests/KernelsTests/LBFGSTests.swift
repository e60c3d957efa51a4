import Kernels
import Testing

/// Rosenbrock's function of pairs of variables.
///
/// Its minimum is at (1, 1).
private func valley(_ x: [Double], _ gradient: inout [Double]) -> Double {
    var sum = 0.0
    for i in stride(from: 0, to: x.count, by: 2) {
        let a = 1 - x[i]
        let b = x[i + 1] - x[i] * x[i]
        sum += a * a + 100 * b * b
        gradient[i] = -2 * a - 400 * x[i] * b
        gradient[i + 1] = 200 * b
    }
    return sum
}

@Test(arguments: [2, 20])
func theFloorOfRosenbrocksValleyIsFound(count: Int) {
    let start = (0 ..< count).map { $0.isMultiple(of: 2) ? -1.2 : 1.0 }
    let end = LBFGS(tolerance: 1e-8).minimize(from: start, valley)
    #expect(end.converged && end.iterations < 60, "\(end.iterations) iterations")
    #expect(end.point.allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(end.value < 1e-14 && end.largestSlope <= 1e-8)
}

@Test func theDiagonalOfTheHessianLevelsScales() {
    let scales = (0 ..< 40).map { i in [1e-3, 1, 1e3, 1e6][i % 4] }
    let bowl = { (x: [Double], gradient: inout [Double]) -> Double in
        var sum = 0.0
        for i in x.indices {
            gradient[i] = scales[i] * (x[i] - 2)
            sum += 0.5 * gradient[i] * (x[i] - 2)
        }
        return sum
    }
    let start = [Double](repeating: 0, count: 40)
    let end = LBFGS(tolerance: 1e-9).minimize(from: start, curvature: { scales }, bowl)
    #expect(end.converged && end.iterations <= 2)
    #expect(end.point.allSatisfy { abs($0 - 2) < 1e-6 })
}

@Test func aStartAtTheMinimumStays() {
    let end = LBFGS().minimize(from: [1, 1], valley)
    #expect(end.converged && end.iterations == 0 && end.evaluations == 1 && end.point == [1, 1])
}

@Test func iterationsRunOut() {
    let end = LBFGS(tolerance: 1e-8, maxIterations: 3).minimize(from: [-1.2, 1], valley)
    #expect(!end.converged && end.iterations == 3 && end.value < 24.2)
}

@Test func aStepBeyondTheDomainIsShortened() {
    // x − ln x is NaN below zero. Its minimum is at 1.
    let end = LBFGS(tolerance: 1e-8).minimize(from: [100]) { x, gradient in
        guard x[0] > 0 else { return .nan }
        gradient[0] = 1 - 1 / x[0]
        return x[0] - naturalLogarithm(x[0])
    }
    #expect(end.converged && abs(end.point[0] - 1) < 1e-6)
}

@Test func aFunctionWithoutMinimumEndsAndIsFinite() {
    let end = LBFGS(maxIterations: 50).minimize(from: [0]) { x, gradient in
        gradient[0] = -1
        return -x[0]
    }
    #expect(!end.converged && end.value.isFinite && end.point[0].isFinite && end.value < 0)
}

@Test func aKinkEndsTheSearchAtItsBest() {
    let end = LBFGS().minimize(from: [0.3]) { x, gradient in
        gradient[0] = x[0] < 0 ? -1 : 1
        return abs(x[0])
    }
    #expect(!end.converged && end.value <= 0.3)
}

// A gradient that points uphill, and a start that is not finite.
@Test(arguments: [false, true]) func aSearchThatCannotDecreaseStaysAtItsStart(isFinite: Bool) {
    let end = LBFGS().minimize(from: [1]) { x, gradient in
        gradient[0] = isFinite ? -2 * x[0] : 1
        return isFinite ? x[0] * x[0] : .nan
    }
    #expect(!end.converged && end.iterations == 0 && end.point == [1])
}
