import Core
import Foundation
import Kernels

/// Measures one row of the table of speeds and prints a line of JSON: `row`, `seconds`, `peak_mb`.
@main struct Main {
    static func main() {
        keepFreedMemory()
        do { try measure() } catch {
            FileHandle.standardError.write(Data("fewshot-bench: \(error)\n".utf8))
            exit((error as? Fault)?.status.rawValue ?? 70)
        }
    }

    private static func measure() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard let row = arguments.first, let run = rows[row] else {
            print("usage: fewshot-bench \(rows.keys.sorted().joined(separator: "|")) --data FOLDER")
            exit(64)
        }
        arguments.removeFirst()
        var options: [String: String] = [:]
        while arguments.count > 1 {
            options[arguments[0]] = arguments[1]
            arguments.removeFirst(2)
        }
        let result = try run(options)
        let fields = result.map { "\"\($0.key)\": \($0.value)" }.sorted()
        print("{\"row\": \"\(row)\", \(fields.joined(separator: ", ")), \"peak_mb\": \(peakMegabytes())}")
    }

    private static let rows: [String: @Sendable ([String: String]) throws -> [String: Double]] = [
        "cluster-adapter": clusterAdapter,
        "tip-adapter-f": tipAdapterF,
        "search": search,
        "packed-read": compressedRead,
        "hot-open": mappedOpen,
        "hot-open-first": mappedOpenFirst,
        "make-hot": makeMapped,
        "split-build": splitBuild,
        "split-read": splitRead,
        "split-draw": splitSample,
        "encode": encode,
        "jpeg-tensor": jpegTensor,
    ]

    /// Returns the maximum resident memory of this process.
    private static func peakMegabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }
}

/// Measures the duration of `body` in seconds.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
}
