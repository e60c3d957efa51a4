public import Core
internal import Foundation

/// Describes the flaw of the message of a fault about a file at or below `path`; nil if there is none.
///
/// A message names the file, is one line of readable length, and contains no control characters.
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

/// The number of mutations that a test tries, and their seed, scaled by `FEWSHOT_ROUNDS` and set by `FEWSHOT_SEED`.
public struct MutationPlan: Sendable {
    public let seed: UInt64
    private let factor: Int

    public init() {
        func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }
        seed = number("FEWSHOT_SEED") ?? 20_261_121
        factor = Int(number("FEWSHOT_ROUNDS") ?? 1)
    }

    /// The numbers of the mutations, by default `count` of them.
    public func rounds(_ count: Int) -> Range<Int> { 0 ..< count * factor }
}
