internal import Core

/// A parser of outside bytes, and all that is done with what it takes for sound.
struct Target: Sendable {
    typealias Parse = @Sendable ([UInt8], Scratch) throws(Fault) -> Void
    typealias Seeds = @Sendable (Scratch) throws(Fault) -> [(name: String, bytes: [UInt8])]

    let name: String
    let parse: Parse
    /// Inputs to begin with that are made by our own writers; `scripts/fuzz` adds the tests' fixtures to them.
    let seeds: Seeds

    init(_ name: String, seeds: @escaping Seeds = { _ throws(Fault) in [] }, _ parse: @escaping Parse) {
        (self.name, self.seeds, self.parse) = (name, seeds, parse)
    }

    static let all: [Target] =
        tensorTargets + featureTargets + datasetTargets + imageTargets + modelTargets + studyTargets
}

extension Fault {
    /// What is wrong with the fault that damaged bytes led to; nil where nothing is.
    ///
    /// A file's content may not reach a terminal as it is, and no content makes a full disk or a running process of a file.
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

/// What a damaged file is to be read for although reading it fails.
func tolerating(_ body: () throws(Fault) -> Void) throws(Fault) {
    do throws(Fault) { try body() } catch { if error.flaw != nil { throw error } }
}
