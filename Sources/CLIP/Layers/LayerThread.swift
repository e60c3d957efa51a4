internal import Kernels
import Synchronization

/// What one thread needs to run layers: compiled code by shape, and scratch memory.
///
/// Made once and lent again: compiling takes longer than running a small layer.
package final class LayerThread: @unchecked Sendable {  // lent to one thread at a time
    private static let idle = Mutex<[LayerThread]>([])

    private var codes: [LayerShape: LayerCode] = [:]
    private var scratch = Scratch<Float>(0)

    private init() {}

    /// Lends `body` what a thread needs.
    package static func with<Value: ~Copyable>(_ body: (LayerThread) -> Value) -> Value {
        let thread = idle.withLock { $0.popLast() } ?? LayerThread()
        defer { idle.withLock { $0.append(thread) } }
        return body(thread)
    }

    /// The code for `shape`, or nil where the library has none.
    func code(_ shape: LayerShape) -> LayerCode? {
        if let code = codes[shape] { return code }
        guard let made = LayerCode(shape) else { return nil }
        codes[shape] = made
        return made
    }

    /// Runs `code` once, with scratch memory of this thread.
    func run(
        _ code: LayerCode, _ input: LayerValues, _ weights: PackedWeights, bias: [Float],
        into output: inout MutableLayerValues
    ) {
        let count = (code.scratchSize + 3) / 4
        if scratch.count < count { scratch = Scratch(count) }
        run(code, input, weights, bias: bias, into: &output, &scratch)
    }

    private func run(
        _ code: LayerCode, _ input: LayerValues, _ weights: PackedWeights, bias: [Float],
        into output: inout MutableLayerValues, _ scratch: inout Scratch<Float>
    ) {
        var memory = scratch.mutableSpan
        code.run(input, weights, bias: bias, into: &output, scratch: &memory)
    }
}
