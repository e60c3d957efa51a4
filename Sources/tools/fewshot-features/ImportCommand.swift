internal import ArgumentParser
internal import Command
internal import Core
internal import FeatureStore

extension ImportCommand: SuggestingCommand {
    /// The kind of import for the file or folder `word`.
    static func suggestion(for word: String) -> String? {
        let name = word.lowercased()
        if name.hasSuffix(".npy") { return "npy --images \(shellWord(word))" }
        if name.hasSuffix(".safetensors") { return "safetensors --file \(shellWord(word))" }
        return FileKind(at: word) == .folder ? "tip-adapter \(shellWord(word))" : nil
    }
}

/// Imports the features of other programs.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a feature folder from .npy or .safetensors files, or from a Tip-Adapter cache.",
        discussion: """
            Every input is checked before anything is written: shapes, labels, row numbers, finite values, zero rows. \
            An existing output from the same inputs is reused; any other is kept unless --replace is given.
            """,
        subcommands: [Npy.self, Safetensors.self, TipAdapter.self])

    struct Npy: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import image features, labels and text from .npy files.")

        @Option(help: ArgumentHelp("Image features [N,D] or [N,V,D].", valueName: "file"), completion: .file())
        var images: String
        @Option(help: ArgumentHelp("Labels [N], whole numbers from 0.", valueName: "file"), completion: .file())
        var labels: String
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D] or [C,D].", valueName: "file"), completion: .file())
        var text: String?
        @OptionGroup var division: DivisionArguments
        @OptionGroup var shared: ImportArguments

        func run() throws {
            let arrays = ArrayImport(images: images, labels: labels, settings: shared.settings)
            try division.run(arrays, text: text, shared)
        }
    }

    struct Safetensors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import image features, labels and text from one .safetensors file.")

        @Option(help: "The file with all tensors.", completion: .file())
        var file: String
        @Option(help: ArgumentHelp("Tensor of image features [N,D] or [N,V,D].", valueName: "name"))
        var images: String
        @Option(help: ArgumentHelp("Tensor of labels [N].", valueName: "name"))
        var labels: String
        @Option(help: ArgumentHelp("Tensor of text features [P,C,D], [C,P,D] or [C,D].", valueName: "name"))
        var text: String?
        @OptionGroup var division: DivisionArguments
        @OptionGroup var shared: ImportArguments

        func run() throws {
            let arrays = ArrayImport(file: file, images: images, labels: labels, settings: shared.settings)
            try division.run(arrays, text: text, shared)
        }
    }

    struct TipAdapter: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a cache folder of Tip-Adapter's code, written by torch.save.",
            discussion: "The few-shot keys become the train subset. No code in the files is executed.")

        @Argument(help: "The folder of keys_Kshots.pt, values_Kshots.pt, val_f.pt, val_l.pt, test_f.pt and test_l.pt.")
        var folder: String
        @Option(help: "The number of shots K in the names of the key files.")
        var shots: Int
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D] or [C,D], .npy or .pt.", valueName: "file"),
            completion: .file())
        var text: String?
        @OptionGroup var shared: ImportArguments

        func validate() throws {
            guard shots > 0 else { throw ValidationError("--shots: found \(shots), expected 1 or more.") }
        }

        func run() throws {
            var cache = TipAdapterImport(folder: folder, shots: shots, settings: shared.settings)
            cache.text = text
            try shared.run(shots: "all", cache.run(progress:))
        }
    }
}

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

    /// Imports `arrays` with these rows and the text features `text`.
    func run(_ arrays: ArrayImport, text: String?, _ shared: ImportArguments) throws(Fault) {
        var arrays = arrays
        arrays.text = text
        arrays.rows = rows
        arrays.part = part
        try shared.run(shots: "1,2,4,8,16", arrays.run(progress:))
    }
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

    /// Runs an import, and prints the files and the next command.
    func run(shots: String, _ job: (Progress) throws(Fault) -> ImportOutcome) throws(Fault) {
        let outcome = try withProgress("import", unit: "rows", job)
        outcome.notes.forEach(printMessage)
        var lines = outcome.files.map(Self.line)
        if outcome.isReused { lines.append("reused") }
        let parts = outcome.files.map(\.part)
        if parts.contains(.train), parts.contains(.test) {
            let methods =
                parts.contains(.text)
                ? "zero-shot,tip-adapter,tip-adapter-f,cluster-adapter" : "tip-adapter,tip-adapter-f"
            let options = "--method \(methods) --shots \(shots) --seeds 1-3 -o runs"
            lines.append("next: fewshot-train --features \(shellWord(output)) \(options)")
        }
        result.print(outcome.files, page: lines.map { "\($0)\n" }.joined())
    }

    private static func line(_ file: ImportOutcome.File) -> String {
        func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        let shape =
            file.part == .text
            ? "\(counted(file.count, "class", "classes")) x \(counted(file.views, "prompt", "prompts"))"
            : "\(counted(file.count, "item", "items")) x \(counted(file.views, "view", "views"))"
        let rows = file.isNormalized ? "unit rows" : "raw rows"
        let values = "\(shape) x \(file.width), \(file.type.rawValue), \(rows)"
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
