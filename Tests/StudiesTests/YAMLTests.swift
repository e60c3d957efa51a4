import Adapter
import Core
import Studies
import TestSupport
import Testing

/// The setting `alpha` in a YAML file whose value for it is `text`.
private func alpha(_ text: String) throws -> SettingValue? {
    let scratch = try ScratchFolder()
    return try SettingsFile(path: scratch.write("alpha: \(text)\n", "settings.yaml")).settings["alpha"]
}

private func refusal(_ text: String) throws -> String? {
    let scratch = try ScratchFolder()
    let path = try scratch.write(text, "settings.yaml")
    return fault { _ = try SettingsFile(path: path) }?.found
}

@Test(arguments: ["yes", "Yes", "on", "TRUE", "!!int yes", "! 'yes'"])
func wordsOfYAMLAreTruthValues(text: String) throws { #expect(try alpha(text) == .switched(true)) }

@Test(arguments: ["\"yes\"", "'yes'", "!!str yes", "|\n  yes"])
func aWordInQuotationMarksIsAText(text: String) throws {
    #expect(try alpha(text) == .text(text.hasPrefix("|") ? "yes\n" : "yes"))
}

@Test func numbersInListsHaveTheFormsOfYAML() throws {
    #expect(
        try alpha("[1_000, .5, -.inf, +.INF, 1:30, -1:00:30, 0x10]")
            == .list([1000, 0.5, -.infinity, .infinity, 90, -3630, 16]))
    #expect(try refusal("alpha: [1, '2']")?.contains("no value of a setting") == true)
    #expect(try refusal("alpha: [1::2, 2]")?.contains("no value of a setting") == true)
}

@Test func problemsAreToldWithTheirPlaceAndLine() throws {
    #expect(
        try refusal("alpha: 1\nbeta: [2\nlr: 3\n")
            == "no YAML (3:3: error: parser: while parsing a flow sequence in line 2, column 7 "
            + "did not find expected ',' or ']':)")
    #expect(try refusal("alpha: 1\nbeta: *b\n") == "no YAML (2:7: error: composer: found undefined alias: beta: *b)")
    #expect(
        try refusal("alpha: \u{7}\n")
            == "no YAML (1:8: error: reader: control characters are not allowed: alpha: \u{7})")
    #expect(try refusal("alpha: 1\n---\nbeta: 1\n")?.contains("but found another document") == true)
    #expect(try refusal("alpha: 1\n\"alpha\": 2\n")?.contains("duplicated key(s): 'alpha'") == true)
    #expect(try refusal("- alpha\n") == "no mapping at the top")
}

@Test func anEmptyTextHasNoSettings() throws {
    let scratch = try ScratchFolder()
    for text in ["# nothing\n", "\n", "%YAML 1.1\n---\n{}\n"] {
        #expect(try SettingsFile(path: scratch.write(text, "settings.yaml")).settings.isEmpty)
    }
}
