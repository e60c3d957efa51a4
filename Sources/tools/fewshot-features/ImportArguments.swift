internal import ArgumentParser
internal import Command
internal import Core
internal import FeatureStore

/// The division of the rows into subsets.
struct DivisionArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("A folder with row numbers in train.npy, val.npy and test.npy.", valueName: "folder"),
        completion: .directory)
    var rows: String?
    @Option(
        help: ArgumentHelp("Instead of --rows: the subset of all rows (train, val, test).", valueName: "part"),
        completion: .list(["train", "val", "test"]), transform: choice("--part", among: [.train, .val, .test]))
    var part: Subset?
}

/// The options of all importers.
struct ImportArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The feature folder to make.", valueName: "folder"))
    var output: String
    @Option(help: "The encoder that made the features, such as 'OpenAI CLIP RN50'; recorded.")
    var model: String?
    @Option(help: "The data set's name; recorded. (default: the output folder's name)")
    var dataset: String?
    @Option(
        help: ArgumentHelp("Class names: a JSON list, or a text file with one name per line.", valueName: "file"),
        completion: .file())
    var classes: String?
    @Option(
        help: ArgumentHelp(
            "The classes of the text features, if these are only some; a list like --classes.",
            valueName: "file"),
        completion: .file())
    var textClasses: String?
    @Option(
        help: ArgumentHelp(
            "A JSON list of P prompts with {}, or of C lists of P prompts; recorded.", valueName: "file"),
        completion: .file())
    var prompts: String?
    @Option(
        help: ArgumentHelp(
            "The number of templates among the prompts of a class; the rest are sentences. (default: all)",
            valueName: "n"))
    var templateCount: Int?
    @Option(
        help: ArgumentHelp(
            "prompts-first or classes-first, if the shape of the text features is ambiguous.", valueName: "layout"),
        completion: .list(TextLayout.allCases.map(\.rawValue)),
        transform: choice("--text-layout", among: TextLayout.allCases))
    var textLayout: TextLayout?
    @Option(
        help: ArgumentHelp("Store float16 or float32 values. (default: the source's)", valueName: "type"),
        completion: .list(FeatureType.allCases.map(\.rawValue)),
        transform: choice("--dtype", among: FeatureType.allCases))
    var dtype: FeatureType?
    @Flag(help: "Overwrite features that were made from other inputs.")
    var replace = false
    @OptionGroup var result: OutputOptions

    var settings: ImportSettings {
        var settings = ImportSettings(output: output, model: model, replaces: replace)
        settings.dataset = dataset
        settings.type = dtype
        settings.classes = classes
        settings.prompts = prompts
        settings.templateCount = templateCount
        settings.textLayout = textLayout
        settings.textClasses = textClasses
        return settings
    }

    /// Prints the files, and the next command.
    func report(_ outcome: ImportOutcome, shots: String) {
        outcome.notes.forEach(printMessage)
        var lines = outcome.files.map(Self.line)
        if outcome.isReused { lines.append("reused") }
        let parts = outcome.files.map(\.part)
        if parts.contains(.train), parts.contains(.test) {
            let methods =
                parts.contains(.text)
                ? "zero-shot,tip-adapter,tip-adapter-f,cluster-adapter" : "tip-adapter,tip-adapter-f"
            lines.append(
                "next: fewshot-train --features \(shellWord(output)) --method \(methods) --shots \(shots) --seeds 1-3 -o runs"
            )
        }
        result.print(outcome.files, page: lines.map { "\($0)\n" }.joined())
    }

    private static func line(_ file: ImportOutcome.File) -> String {
        let names = file.part == .text ? ("class", "es", "prompt") : ("item", "s", "view")
        let items = "\(file.count) \(names.0)\(file.count == 1 ? "" : names.1)"
        let views = "\(file.views) \(names.2)\(file.views == 1 ? "" : "s")"
        let rows = file.isNormalized ? "unit rows" : "raw rows"
        let values = "\(items) x \(views) x \(file.width), \(file.type.rawValue), \(rows)"
        return "\(file.path): \(values)\(file.isReused ? ", reused" : "")"
    }
}

/// Reads one of `values` by its name.
private func choice<Value: RawRepresentable & Sendable>(
    _ option: String, among values: [Value]
) -> @Sendable (String) throws -> Value where Value.RawValue == String {
    { text in
        guard let value = values.first(where: { $0.rawValue == text }) else {
            let names = values.map(\.rawValue).joined(separator: " or ")
            throw ValidationError("\(option): found '\(text)', expected \(names).")
        }
        return value
    }
}
