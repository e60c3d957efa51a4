internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import FeatureImport
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
        abstract: "Make a feature folder from files of arrays, tables, or other programs' caches.",
        discussion: """
            Every input is checked before anything is written: shapes, labels, row numbers, finite values, zero rows. \
            An existing output from the same inputs is reused; any other is kept unless --replace is given.
            """,
        subcommands: [Npy.self, Safetensors.self, Folder.self, TipAdapter.self, ClipRetrieval.self])

    struct Npy: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import image features, labels and text from .npy, .npz, .pt, .safetensors or Parquet files.",
            discussion: """
                An array in a file of several is FILE:NAME, such as features.npz:train_x, shot.pth:train.features or \
                table.parquet:embedding. Without a name, the one is taken whose own name or form tells what it is, and a note says so. \
                No code in the files is executed.
                """,
            aliases: ["arrays", "npz", "torch", "parquet"])

        @Option(
            help: ArgumentHelp("Image features [N,D] or [N,V,D]; or [D,N], if N labels say so.", valueName: "file"),
            completion: .file())
        var images: String
        @Option(
            help: ArgumentHelp(
                "Labels [N]: numbers from 0 or, with --classes, from 1, or names; or one-hot [N,C]. "
                    + "(default: in the file of --images)", valueName: "file"),
            completion: .file())
        var labels: String?
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D], [C,D] or [D,C].", valueName: "file"),
            completion: .file())
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
            abstract: "Import image features, labels and text from one .safetensors file, or another file of arrays.")

        @Option(help: "The file with all tensors.", completion: .file())
        var file: String
        @Option(help: ArgumentHelp("Tensor of image features [N,D] or [N,V,D].", valueName: "name"))
        var images: String
        @Option(help: ArgumentHelp("Tensor of labels [N].", valueName: "name"))
        var labels: String
        @Option(help: ArgumentHelp("Tensor of text features [P,C,D], [C,P,D], [C,D] or [D,C].", valueName: "name"))
        var text: String?
        @OptionGroup var division: DivisionArguments
        @OptionGroup var shared: ImportArguments

        func run() throws {
            let arrays = ArrayImport(file: file, images: images, labels: labels, settings: shared.settings)
            try division.run(arrays, text: text, shared)
        }
    }

    struct Folder: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a folder with files of arrays for train, val and test, which their names tell.",
            discussion: """
                Such as train.npz, val.npz and test.npz with features and labels (CoOp's lpclip), or \
                features_train.pt and targets_train.pt (CLIP_benchmark). No code in the files is executed.
                """)

        @Argument(help: "The folder.", completion: .directory)
        var folder: String
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D], [C,D] or [D,C].", valueName: "file"),
            completion: .file())
        var text: String?
        @OptionGroup var shared: ImportArguments

        func run() throws {
            var arrays = FolderImport(folder: folder, settings: shared.settings)
            arrays.text = text
            try shared.run(arrays.run(progress:))
        }
    }

    struct TipAdapter: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a cache folder of Tip-Adapter's code, or of APE, GDA, TIMO, LP++ or Cluster-Adapter.",
            discussion: """
                The few-shot keys become the train subset. The files of val or of test may be missing. No code in the \
                files is executed.
                """)

        @Argument(help: "The folder of keys_Kshots.pt, values_Kshots.pt, val_f.pt, val_l.pt, test_f.pt and test_l.pt.")
        var folder: String
        @Option(help: "The number of shots K in the names of the key files.")
        var shots: Int
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D], [C,D] or [D,C].", valueName: "file"),
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

extension ImportCommand {
    struct ClipRetrieval: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import image embeddings of clip-retrieval.",
            discussion: """
                The rows of img_emb/img_emb_0.npy and so on, with the images' paths in metadata/metadata_0.parquet. The \
                class of an image is the name of its folder, unless --labels are given.
                """)

        @Argument(help: "The output folder of clip-retrieval inference.", completion: .directory)
        var folder: String
        @Option(
            help: ArgumentHelp(
                "Labels [N]: numbers or names. (default: the names of the images' folders)", valueName: "file"),
            completion: .file())
        var labels: String?
        @Option(
            help: ArgumentHelp("Text features [P,C,D], [C,P,D], [C,D] or [D,C].", valueName: "file"),
            completion: .file())
        var text: String?
        @OptionGroup var rows: RowArguments
        @OptionGroup var shared: ImportArguments

        func run() throws {
            var embeddings = ClipRetrievalImport(folder: folder, settings: shared.settings)
            embeddings.labels = labels
            embeddings.text = text
            embeddings.rows = rows.rows
            embeddings.part = rows.part
            try shared.run(embeddings.run(progress:))
        }
    }
}

/// The rows of each subset.
struct RowArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder with row numbers, or a Boolean for each row, in train.npy, val.npy and test.npy.",
            valueName: "folder"),
        completion: .directory)
    var rows: String?
    @Option(
        help: ArgumentHelp("Instead of --rows: the subset of all rows (train, val, test).", valueName: "part"),
        completion: .list(["train", "val", "test"]), transform: choice("--part", among: [.train, .val, .test]))
    var part: Subset?
}

/// The division of the rows into subsets.
struct DivisionArguments: ParsableArguments {
    @OptionGroup var rows: RowArguments
    @Option(
        help: ArgumentHelp(
            "The names of all rows, such as image paths: an array of texts, a JSON list, or a text file with one per "
                + "line. (default: row numbers)", valueName: "file"),
        completion: .file())
    var ids: String?

    /// Imports `arrays` with these rows and the text features `text`.
    func run(_ arrays: ArrayImport, text: String?, _ shared: ImportArguments) throws(Fault) {
        var arrays = arrays
        arrays.text = text
        arrays.rows = rows.rows
        arrays.part = rows.part
        arrays.ids = ids
        try shared.run(arrays.run(progress:))
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
            "prompts-first [P,C,D], classes-first [C,P,D] or width-first [D,C], if the shape of the text features is "
                + "ambiguous.", valueName: "layout"),
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
    func run(shots: String? = nil, _ job: (Progress) throws(Fault) -> ImportOutcome) throws(Fault) {
        let outcome = try withProgress("import", unit: "rows", job)
        outcome.notes.forEach(printMessage)
        var lines = outcome.files.map(Self.line)
        if outcome.isReused { lines.append("reused") }
        // An earlier import may have written other files of the folder.
        let parts = try FeatureFolder(path: output).parts
        if parts.contains(.train), parts.contains(.test) {
            let options = shots.map { " --shots \($0)" } ?? ""
            let selection = parts.contains(.val) ? "" : " --protocol fixed"
            lines.append("next: fewshot-train --features \(shellWord(output))\(options)\(selection) -o runs")
        }
        result.print(outcome.files, page: lines.map { "\($0)\n" }.joined())
    }

    private static func line(_ file: ImportOutcome.File) -> String {
        let shape = file.part.size(count: file.count, views: file.views, width: file.width)
        let rows = file.isNormalized ? "unit rows" : "raw rows"
        let values = "\(shape), \(file.type.rawValue), \(rows)"
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
