public import Core

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
