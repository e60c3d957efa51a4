internal import Core
import Synchronization

/// Results of work on several threads, each of which may fail; the first fault in the order of the work counts.
final class Collected<Value: Sendable>: Sendable {
    private let results: Mutex<[Result<Value, Fault>?]>

    init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }

    /// Keeps what `body` gives as result `index`.
    func set(_ index: Int, _ body: () throws(Fault) -> Value) {
        let result: Result<Value, Fault>
        do throws(Fault) { result = .success(try body()) } catch { result = .failure(error) }
        results.withLock { $0[index] = result }
    }

    /// All results in order.
    func values() throws(Fault) -> [Value] {
        var values: [Value] = []
        for result in results.withLock({ $0 }) {
            guard let result else { preconditionFailure("a result was never set") }
            values.append(try result.get())
        }
        return values
    }
}
