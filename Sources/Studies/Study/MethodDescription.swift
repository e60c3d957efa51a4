public import Adapter
public import Core

/// A method as lists show it.
public struct MethodDescription: Sendable, Encodable {
    /// The name, as options spell it.
    public let name: String
    /// A phrase on what the method does.
    public let summary: String
    /// The source of the implementation: published code, a reconstruction from the paper, or this project.
    public let origin: MethodOrigin
    /// Whether the method requires text features.
    public let needs_text: Bool
    /// The default of each setting, by name.
    public let settings: [String: SettingValue]

    /// All methods, in the order of reports.
    public static var all: [MethodDescription] { methods.map { MethodDescription($0) } }

    private init<Method: AdapterMethod>(_ method: Method.Type) {
        name = method.name
        summary = method.summary
        origin = method.origin
        needs_text = method.needsText
        settings = Method.Settings().values
    }
}

/// Returns the methods named in `text`, separated by commas, or `all` of them; `tip_adapter` is `tip-adapter`.
///
/// - Throws: `usage` with the names of all methods.
public func methods(named text: String) throws(Fault) -> [any AdapterMethod.Type] {
    if text == "all" { return methods }
    let words = text.split(separator: ",")
    return try (words.isEmpty ? [""] : words).map { word throws(Fault) in
        let name = word.trimmingPrefix(" ")
        let names = methods.map { $0.name }
        guard let found = methods.first(where: { $0.name == name.lowercased().replacing("_", with: "-") }) else {
            let near = nearestNames(to: String(name), among: names).map { "'\($0)'" }.joined(separator: " or ")
            throw Fault(
                .usage, option: "method", found: "'\(name)'",
                expected: "one of \(names.joined(separator: ", ")), or all",
                remedy: near.isEmpty ? "correct its name" : "use \(near)")
        }
        return found
    }
}
