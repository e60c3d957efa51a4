internal import Core

/// A parser of untrusted bytes, and the use of everything that it accepts.
struct Target: Sendable {
    typealias Parse = @Sendable ([UInt8], Scratch) throws(Fault) -> Void
    typealias Seeds = @Sendable (Scratch) throws(Fault) -> [(name: String, bytes: [UInt8])]

    let name: String
    let parse: Parse
    /// Initial inputs from the project's own writers, to which `scripts/fuzz` adds the tests' fixtures.
    let seeds: Seeds

    init(_ name: String, seeds: @escaping Seeds = { _ throws(Fault) in [] }, _ parse: @escaping Parse) {
        self.name = name
        self.seeds = seeds
        self.parse = parse
    }

    static let all: [Target] =
        tensorTargets + featureTargets + datasetTargets + imageTargets + modelTargets + studyTargets
}

extension Fault {
    /// Describes the flaw of a fault about damaged bytes; nil if there is none.
    ///
    /// Its message must contain no control characters, and its status must be that of a bad file: bytes cannot fill a
    /// disk or lock a file.
    var flaw: String? {
        let sentence = description
        return switch true {
        case found.isEmpty || !sentence.hasSuffix("."): "half a sentence"
        case sentence.unicodeScalars.contains { $0.properties.generalCategory == .control }: "control characters"
        case sentence.utf8.count >= 16_000: "\(sentence.utf8.count) bytes"
        case ![.badData, .noInput, .configuration, .usage].contains(status): "status \(status)"
        default: nil
        }
    }
}

/// Reads a damaged file further although reading it has failed.
func tolerating(_ body: () throws(Fault) -> Void) throws(Fault) {
    do throws(Fault) { try body() } catch { if error.flaw != nil { throw error } }
}
