internal import Adapter
internal import Core
internal import Yams

/// The keys and values of a YAML file's top mapping, in order.
///
/// - Throws: `badData` for text that is no YAML mapping.
func yamlPairs(path: String) throws(Fault) -> [(String, Node)] {
    let file = try MappedFile(path: path)
    guard file.byteCount <= 1 << 20 else {
        throw .badData(path, found: "\(file.byteCount) bytes", expected: "at most 1 MiB of settings")
    }
    let bytes = file.bytes
    return try pairs(unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }, path: path)
}

/// The number of references `*name` that a settings file may have.
///
/// A list of two references to the previous list, repeated a few dozen times, expands some kilobytes of text into more values
/// than memory holds. Published files have no references.
private let referenceLimit = 8

/// An upper bound of the text's references to anchors: asterisks before a character that anchor names have.
private func referenceCount(_ text: String) -> Int {
    zip(text.utf8, text.utf8.dropFirst()).count { first, next in
        guard first == UInt8(ascii: "*") else { return false }
        return switch next {
        case UInt8(ascii: "a") ... UInt8(ascii: "z"), UInt8(ascii: "A") ... UInt8(ascii: "Z"),
            UInt8(ascii: "0") ... UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

private func pairs(_ text: String, path: String) throws(Fault) -> [(String, Node)] {
    let references = referenceCount(text)
    guard references <= referenceLimit else {
        throw .badData(
            path, found: "\(references) references to anchors (*name)", expected: "at most \(referenceLimit)",
            remedy: "write the values where they are needed")
    }
    let expected = "a YAML mapping of settings"
    do {
        guard let node = try compose(yaml: text) else { return [] }
        guard case .mapping(let mapping) = node else {
            throw Fault.badData(
                path, found: "no mapping at the top", expected: expected, remedy: "correct the file")
        }
        return try mapping.map { key, value in
            guard let name = key.scalar?.string else {
                throw Fault.badData(path, found: "a key that is no word", expected: expected, remedy: "correct it")
            }
            return (name, value)
        }
    } catch let fault as Fault {
        throw fault
    } catch let error as YamlError {
        let lines = "\(error)".split(separator: "\n").prefix(2).joined(separator: " ")
        throw .badData(path, found: "no YAML (\(lines))", expected: expected, remedy: "correct the file")
    } catch {
        throw .badData(path, found: "no YAML", expected: expected, remedy: "correct the file")
    }
}

/// Reads the value of a setting: a number, a word, a Boolean or a list of numbers.
func settingValue(_ node: Node, key: String, path: String) throws(Fault) -> SettingValue {
    switch node {
    case .scalar(let scalar):
        // Published files use YAML's words, such as yes and no.
        if let flag = node.bool { return .switched(flag) }
        return SettingValue(parsing: scalar.string)
    case .sequence(let sequence):
        let numbers = sequence.compactMap { $0.float }
        guard numbers.count == sequence.count else { break }
        return .list(numbers)
    default: break
    }
    throw .configuration(path, found: "\(key) that is no value of a setting", expected: "a number, word or list")
}
