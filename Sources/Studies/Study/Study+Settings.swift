internal import Adapter
internal import Core

extension Study {
    /// Whether one of the study's methods has a setting called `setting`.
    public func knows(_ setting: String) -> Bool { methods.contains { $0.settingNames.contains(setting) } }

    /// The given settings of `method`; those with its name in front take precedence.
    func overlay(_ method: any AdapterMethod.Type) -> [String: SettingValue] {
        let known = method.settingNames
        var overlay = settings.filter { known.contains($0.key) }
        for (name, value) in settings where name.hasPrefix(method.name + ".") {
            overlay[String(name.dropFirst(method.name.count + 1))] = value
        }
        return overlay
    }

    /// Checks all settings before anything is trained.
    ///
    /// - Throws: `configuration` for a setting that no method has, or a value that its method cannot use.
    func checkSettings() throws(Fault) {
        let accepted = methods.flatMap { method in method.settingNames.flatMap { [$0, "\(method.name).\($0)"] } }
        for name in settings.keys.sorted() where !accepted.contains(name) {
            let known = Set(methods.flatMap { $0.settingNames }).sorted().joined(separator: ", ")
            throw .configuration(
                name, found: "a setting that none of \(methods.map { $0.name }.joined(separator: ", ")) has",
                expected: "one of \(known)", remedy: "correct its name")
        }
        for method in methods { _ = try method.mergedSettings(overlay(method)) }
    }
}

extension AdapterMethod {
    static var settingNames: [String] { Settings.names }

    /// The defaults, replaced by `overlay` where it has a value.
    static func mergedSettings(_ overlay: [String: SettingValue]) throws(Fault) -> [String: SettingValue] {
        try Settings(overlaying: overlay, method: name).values
    }
}
