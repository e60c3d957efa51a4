public import Core
internal import Foundation

/// What is wrong with the sentence of a fault that a file at `path`, or below it, led to; nil where nothing is.
///
/// It names the file, is one line of a length that people read, and holds nothing that a terminal obeys.
public func flaw(in fault: Fault, naming path: String) -> String? {
    let sentence = fault.description
    let isPlain = sentence.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    return switch true {
    case !fault.subject.hasPrefix(path): "another subject than \(path): \(sentence)"
    case fault.found.isEmpty || !sentence.hasSuffix("."): "half a sentence: \(sentence)"
    case !isPlain: "control characters: \(sentence.debugDescription)"
    case sentence.count >= 1000: "\(sentence.count) characters: \(sentence)"
    case ![.badData, .noInput, .configuration].contains(fault.status): "status \(fault.status): \(sentence)"
    default: nil
    }
}

/// How many mutations a test is to try, and from which seed: `FEWSHOT_ROUNDS` times as many, from `FEWSHOT_SEED`.
public struct MutationPlan: Sendable {
    public let seed: UInt64
    private let factor: Int

    public init() {
        func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }
        seed = number("FEWSHOT_SEED") ?? 20_261_121
        factor = Int(number("FEWSHOT_ROUNDS") ?? 1)
    }

    /// The numbers of the mutations where usually `count` are tried.
    public func rounds(_ count: Int) -> Range<Int> { 0 ..< count * factor }
}
