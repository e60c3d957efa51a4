internal import Kernels
internal import Synchronization

/// One thread's primitives by shape, and scratch memory to run them.
///
/// It is lent again after use: compiling takes longer than running a small layer.
package final class LayerThread: @unchecked Sendable {  // lent to one thread at a time
    private static let idle = Mutex<[LayerThread]>([])

    private var primitives: [LayerShape: LayerPrimitive] = [:]
    private var scratch = Scratch<Float>(0)

    private init() {}

    /// Lends `body` the state of one thread.
    package static func with<Value: ~Copyable>(_ body: (LayerThread) -> Value) -> Value {
        let thread = idle.withLock { $0.popLast() } ?? LayerThread()
        defer { idle.withLock { $0.append(thread) } }
        return body(thread)
    }

    /// Returns the primitive for `shape`, or nil where the library has none.
    func primitive(_ shape: LayerShape) -> LayerPrimitive? {
        if let primitive = primitives[shape] { return primitive }
        primitives[shape] = LayerPrimitive(shape)
        return primitives[shape]
    }

    /// Runs `layer` once.
    func run(_ layer: PackedLayer, _ input: LayerValues, into output: inout MutableLayerValues) {
        guard let primitive = primitive(layer.shape) else {
            preconditionFailure("oneDNN has no \(layer.shape) any more")
        }
        let count = (primitive.scratchSize + 3) / 4
        if scratch.count < count { scratch = Scratch(count) }
        primitive.run(layer, input, into: &output, scratch: &scratch)
    }
}
