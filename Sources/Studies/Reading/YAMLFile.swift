internal import Adapter
internal import Core

/// Reads the keys and values of a YAML file's top mapping, in order.
///
/// - Throws: `badData` for text that is no YAML mapping.
func yamlPairs(path: String) throws(Fault) -> [(String, YAMLNode)] {
    let file = try TextFile(path: path)
    guard file.byteCount <= 1 << 20 else {
        throw .badData(path, found: "\(file.byteCount) bytes", expected: "at most 1 MiB of settings")
    }
    let text = try file.string()
    let references = referenceCount(text)
    guard references <= referenceLimit else {
        throw .badData(
            path, found: "\(references) references to anchors (*name)", expected: "at most \(referenceLimit)",
            remedy: "write the values where they are needed")
    }
    let expected = "a YAML mapping of settings"
    let node: YAMLNode?
    do throws(YAMLProblem) { node = try YAMLParser.root(of: text) } catch {
        throw .otherContent(
            path, Span<UInt8>(_bytes: file.bytes), found: "no YAML (\(error.sentence))", expected: expected,
            remedy: "correct the file")
    }
    guard let node else { return [] }
    guard case .mapping(let mapping) = node else {
        throw .badData(path, found: "no mapping at the top", expected: expected, remedy: "correct the file")
    }
    return try mapping.map { key, value throws(Fault) in
        guard let name = key.word else {
            throw .badData(path, found: "a key that is no word", expected: expected, remedy: "correct it")
        }
        return (name, value)
    }
}

/// The number of references `*name` that a settings file may have.
///
/// A list of two references to the previous list, repeated a few dozen times, expands some kilobytes of text into more
/// values than memory holds. Published files have no references.
private let referenceLimit = 8

/// Returns an upper bound of the text's references to anchors: asterisks before a character that anchor names have.
private func referenceCount(_ text: String) -> Int {
    let names = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-".utf8)
    return zip(text.utf8, text.utf8.dropFirst()).count { $0 == UInt8(ascii: "*") && names.contains($1) }
}

/// Reads the value of a setting: a number, a word, a Boolean or a list of numbers.
func settingValue(_ node: YAMLNode, key: String, path: String) throws(Fault) -> SettingValue {
    switch node {
    case .scalar(let scalar):
        // Published files use YAML's words, such as yes and no.
        if let flag = scalar.flag { return .switched(flag) }
        return SettingValue(parsing: scalar.text)
    case .sequence(let items):
        let numbers = items.compactMap(\.number)
        guard numbers.count == items.count else { break }
        return .list(numbers)
    default: break
    }
    throw .configuration(path, found: "\(key) that is no value of a setting", expected: "a number, word or list")
}
