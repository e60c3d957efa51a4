internal import Core

/// The settings of one object in a configuration file; one with the value null counts as missing.
struct ConfigurationSection: Sendable {
    /// The file.
    let path: String
    /// The object's name in the file, such as `vision_cfg`; empty for the whole file.
    private let name: String
    private let values: [String: ConfigurationValue]

    /// Reads the file at `path`; nil if there is none.
    static func read(_ path: String) throws(Fault) -> Self? {
        guard case .file = try FileKind.found(at: path) else { return nil }
        let values = try JSONDocument.read(
            [String: ConfigurationValue].self, from: path, expected: "the configuration of a CLIP")
        return Self(path: path, name: "", values: values)
    }

    private init(path: String, name: String, values: [String: ConfigurationValue]) {
        self.path = path
        self.name = name
        self.values = values.filter { $0.value != .null }
    }

    subscript(_ key: String) -> ConfigurationValue? { values[key] }

    /// The names of all settings, sorted.
    var keys: [String] { values.keys.sorted() }

    /// The object `key`; nil if it is missing.
    func section(_ key: String) throws(Fault) -> Self? {
        guard let value = values[key] else { return nil }
        guard case .object(let values) = value else { throw wrong(key, expected: "an object") }
        return Self(path: path, name: key, values: values)
    }

    /// Returns these settings with those of `other` in place of the same ones.
    func replaced(by other: Self?) -> Self {
        Self(path: path, name: name, values: values.merging(other?.values ?? [:]) { $1 })
    }

    // MARK: Values

    func integer(_ key: String) throws(Fault) -> Int? {
        guard let value = values[key] else { return nil }
        guard let integer = value.integer else { throw wrong(key, expected: "an integer") }
        return integer
    }

    func number(_ key: String) throws(Fault) -> Double? {
        guard let value = values[key] else { return nil }
        guard case .number(let number) = value else { throw wrong(key, expected: "a number") }
        return number
    }

    func text(_ key: String) throws(Fault) -> String? {
        guard let value = values[key] else { return nil }
        guard case .text(let text) = value else { throw wrong(key, expected: "a string") }
        return text
    }

    func flag(_ key: String) throws(Fault) -> Bool? {
        guard let value = values[key] else { return nil }
        guard case .boolean(let flag) = value else { throw wrong(key, expected: "true or false") }
        return flag
    }

    /// Three numbers, or one for all three color channels.
    func channels(_ key: String) throws(Fault) -> [Double]? {
        guard let value = values[key] else { return nil }
        if case .number(let number) = value { return [number, number, number] }
        guard case .list(let items) = value, items.count == 3 else { throw wrong(key, expected: "three numbers") }
        return try items.map { item throws(Fault) in
            guard case .number(let number) = item else { throw wrong(key, expected: "three numbers") }
            return number
        }
    }

    /// The side of a square: an integer, a pair of equal integers, or an object of equal `height` and `width`.
    func side(_ key: String) throws(Fault) -> Int? {
        guard let value = values[key] else { return nil }
        let sides: [ConfigurationValue?] =
            switch value {
            case .list(let items): items.count == 2 ? items : []
            case .object(let fields): [fields["height"], fields["width"]]
            default: [value]
            }
        guard let side = sides.first??.integer, sides.allSatisfy({ $0?.integer == side }) else {
            throw wrong(key, expected: "the side of a square in pixels")
        }
        return side
    }

    /// The size `key` for the comparison with the weights.
    func size(_ key: String) throws(Fault) -> StatedSize? {
        try integer(key).map { StatedSize(path: path, name: full(key), kind: .sizes([$0])) }
    }

    /// The side ``side(_:)`` for the comparison with the weights.
    func squareSize(_ key: String) throws(Fault) -> StatedSize? {
        try side(key).map { StatedSize(path: path, name: full(key), kind: .sizes([$0])) }
    }

    /// The size `key` as a factor of a tower's width.
    func widthFactor(_ key: String) throws(Fault) -> StatedSize? {
        try number(key).map { StatedSize(path: path, name: full(key), kind: .factor($0)) }
    }

    /// The numbers `key` of a list, or the only one.
    func sizes(_ key: String) throws(Fault) -> StatedSize? {
        guard case .list(let items)? = values[key] else { return try size(key) }
        let sizes = items.compactMap(\.integer)
        guard sizes.count == items.count else { throw wrong(key, expected: "integers") }
        return StatedSize(path: path, name: full(key), kind: .sizes(sizes))
    }

    // MARK: Refusals

    /// Checks that each setting of `table` that the section has is one of the values beside it.
    func require(_ table: [String: [ConfigurationValue]]) throws(Fault) {
        for key in keys {
            guard let accepted = table[key], let value = values[key], !accepted.contains(value) else { continue }
            let values = accepted.map(\.description).joined(separator: " or ")
            throw wrong(key, expected: accepted.isEmpty ? "no such setting" : values, remedy: Self.otherModel)
        }
    }

    /// Checks that all settings are in `known`.
    func requireOnly(_ known: Set<String>) throws(Fault) {
        let unknown = keys.filter { !known.contains($0) }
        guard let first = unknown.first else { return }
        throw .badData(
            path,
            found: "the unknown setting '\(full(first))'" + (unknown.count > 1 ? " and \(unknown.count - 1) more" : ""),
            expected: "the settings of a CLIP of OpenAI's kind", remedy: Self.otherModel)
    }

    /// The fault of a setting whose value cannot be used.
    func wrong(_ key: String, expected: String, remedy: Remedy = "correct the file") -> Fault {
        .badData(
            path, found: "\(full(key)) of \(values[key] ?? .null)", expected: expected, remedy: remedy)
    }

    /// The name of a setting with that of its section.
    private func full(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    static let otherModel: Remedy =
        "use another model, as this one is built differently, or compute its features elsewhere and import them"
}
