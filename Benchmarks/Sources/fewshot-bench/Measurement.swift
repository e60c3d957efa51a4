import Artifacts
import Glibc

/// What a row cost, in the form that the comparison reads.
struct Measurement: Encodable {
    let row: String
    let seconds: Double?
    let peakMegabytes: Double

    enum CodingKeys: String, CodingKey {
        case row, seconds
        case peakMegabytes = "peak_mb"
    }

    init(row: String, seconds: Double?) {
        self.row = row
        self.seconds = seconds
        var usage = rusage()
        unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        peakMegabytes = Double(usage.ru_maxrss) / 1024
    }

    var line: String { JSONDocument.line(self) }
}

/// Seconds that `body` takes.
func clock(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
}

/// The median of `count` timings of `body`.
func median(of count: Int, _ body: () throws -> Void) rethrows -> Double {
    var times: [Double] = []
    for _ in 0 ..< count { times.append(try clock(body)) }
    times.sort()
    return (times[(count - 1) / 2] + times[count / 2]) / 2
}
