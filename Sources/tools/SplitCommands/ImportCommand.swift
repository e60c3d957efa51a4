public import ArgumentParser
internal import Command
internal import Core
public import SplitImport

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a split of your own images from folders, a list, archives, parquet files or CoOp's JSON.",
        discussion: """
            Subsets are taken from folders, archives or a column with the names train (training), val (valid, \
            validation, dev) and test (testing, eval, evaluation); the names of folders may have further words, as \
            training_set, val2017 and images-test. Without subsets, each class is divided: 10 % of its items for \
            validation (--val 0.1), 20 % for testing (--test 0.2) and the rest for training, in the order of a hash of \
            --seed 1 and the path. So a photo that is added or removed moves at most two others, of its own class. \
            --keep OLD.split.json moves none.

            Names of folders and labels are cleaned up for prompts: AnnualCrop becomes Annual Crop, annual_crop \
            becomes annual crop, and numbers that all names have are removed, as in 001.Albatross; --keep-names keeps \
            them.
            """,
        subcommands: [
            ImportFolderCommand.self, ImportListCommand.self, ImportTarCommand.self, ImportParquetCommand.self,
            ImportImageFolderCommand.self, ImportCoOpCommand.self,
        ])
}

extension ImportCommand: SuggestingCommand {
    /// The kind of import for the file or folder `word`.
    static func suggestion(for word: String) -> String? {
        let suffixes = [
            (".csv", "list"), (".tsv", "list"), (".tar", "tar"), (".tar.gz", "tar"), (".tgz", "tar"),
            (".parquet", "parquet"), (".json", "coop"),
        ]
        let isFolder = FileKind(at: word) == .folder
        let kind = isFolder ? "folder" : suffixes.first { word.lowercased().hasSuffix($0.0) }?.1
        return kind.map { "\($0) \(shellWord(word))" }
    }
}

struct ImportFolderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "folder",
        abstract: "Import a folder with one folder of images per class, optionally below train/ val/ test/.",
        discussion: """
            The folders at the top are the classes, with the images of all folders below them, or the subsets, with \
            the classes below them; the folders of subsets may also be in those of the classes, as in cat/train. In \
            nested trees, such as that of Places365, --class-folders innermost takes the folders with images as \
            classes.

            --classes names the folders: a list in their order (1, 2, 10 if they are numbers), lines of folder and \
            name, or a JSON object such as {"1": "pink primrose"}. A list of the folders' own names sets the order of \
            the labels.
            """)

    @Argument(help: "The folder.", completion: .directory)
    var folder: String
    @Option(
        help: .value("level", "The folders that are classes: top or innermost (default: top, below a/ b/ innermost)."))
    var classFolders: SplitImport.ClassFolderLevel?
    @Flag(
        help: """
            Take the class from the start of each file name, before its number, as in cat.12.jpg or Abyssinian_001.jpg.
            """)
    var classFromName = false
    @Option(help: .value("file", "Class names for the folders: a list, or a JSON object."), completion: .file())
    var classes: String?
    @OptionGroup var options: ImportArguments

    func run() throws {
        var settings = SplitImport.Settings()
        settings.classFolders = classFolders
        settings.readsClassesInNames = classFromName
        settings.classes = classes
        try options.run("list", unit: "files", settings) { settings, progress throws(Fault) in
            try SplitImport.folder(folder, settings, progress: progress)
        }
    }
}

struct ImportListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Import a table with one path and label per row, and optionally the subset, or a tool's JSON.",
        discussion: """
            Fields are separated by commas, semicolons or tabs, or by a space between path and label. Columns are \
            found by their names in the header, such as path, image or file_name; label, class or category; split, \
            part or subset. Without a header they are path,label or path,label,split. Labels are class names, or \
            numbers with a list of names in --classes; or each class has a column with 1 for its images and 0 for \
            others. Absolute paths below --root become relative, and paths without a suffix get that of the image \
            there. In JSON, the records have such keys, the keys are classes with lists of paths, or the file is \
            COCO's, FiftyOne's or Label Studio's.
            """,
        aliases: ["csv", "tsv"])

    @Argument(help: "The list.", completion: .file(extensions: ["csv", "tsv", "txt", "json", "jsonl"]))
    var list: String
    @Option(help: .value("name", "The column of paths."))
    var pathColumn: String?
    @Option(help: .value("name", "The column of labels."))
    var labelColumn: String?
    @Option(help: .value("name", "The column of subsets."))
    var splitColumn: String?
    @Option(help: .value("source", "folder for the folder of each image as its label, instead of a column."))
    var labelFrom: SplitImport.LabelSource?
    @OptionGroup var classes: ClassListArguments
    @Option(help: .value("folder", "The folder above all images, to which paths become relative."))
    var root: String?
    @Option(
        help: .value("text", "The start of all paths that is removed, such as the folder on another computer."))
    var removePrefix: String?
    @OptionGroup var options: ImportArguments

    func validate() throws {
        guard labelFrom == nil || labelFrom == .folder else {
            throw ValidationError("--label-from: expected folder for a list")
        }
    }

    func run() throws {
        var settings = classes.settings
        settings.root = root
        settings.removedPrefix = removePrefix
        settings.labels = labelFrom
        settings.columns = ColumnNames(path: pathColumn, label: labelColumn, subset: splitColumn)
        try options.run("read", unit: "KiB", inputs: [list], settings) { settings, progress throws(Fault) in
            try SplitImport.list(list, settings, progress: progress)
        }
    }
}

struct ImportCoOpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coop",
        abstract: "Import CoOp's split_zhou_*.json, or an index file of cross_modal_adaptation, item for item.",
        discussion: """
            An index file (shot_K-seed_S.json) has few-shot train and val items only; --parent names the whole split, \
            which has the test items.
            """,
        aliases: ["cross-modal"])

    @Argument(help: "The JSON file.", completion: .file(extensions: ["json"]))
    var file: String
    @Option(
        help: .value("split", "The split that an index file was sampled from."),
        completion: .file(extensions: ["json"]))
    var parent: String?
    @Option(help: .value("name", "The data set, if the file name does not identify it."))
    var dataset: String?
    @OptionGroup var target: SplitOutputArguments

    func run() throws {
        try target.check(file)
        try target.publish(SplitImport.coOp(file, dataset: dataset, parent: parent))
    }
}

extension SplitImport.LabelSource: ExpressibleByArgument {}
extension SplitImport.SeveralLabels: ExpressibleByArgument {}
extension SplitImport.ClassFolderLevel: ExpressibleByArgument {}

struct ImportTarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tar",
        abstract: "Import tar archives in WebDataset's layout, without unpacking them.",
        discussion: """
            An image's label is in the .cls or .json member of the same name up to the first dot, or else up to the \
            last one; without such members it is the name of the image's folder. The subset is taken from the \
            archive's name, if it contains train, val or test. Compressed archives (gzip, zstd, bzip2, xz) can be \
            imported, but must be decompressed before their images can be encoded.
            """,
        aliases: ["webdataset"])

    @Argument(help: "The archives.", completion: .file(extensions: ["tar", "gz", "zst"]))
    var shards: [String]
    @Option(help: .value("folder", "A folder above all archives (default: the nearest)."))
    var root: String?
    @Option(
        help: """
            Source of the labels: cls, txt, json, folder or archive, where each archive is a class (default: the first \
            of cls, json and folder present).
            """)
    var labelFrom: SplitImport.LabelSource?
    @Option(help: .value("key", "Key of the label in .json members (default: label, class or classname)."))
    var labelKey: String?
    @OptionGroup var classes: ClassListArguments
    @OptionGroup var options: ImportArguments

    func run() throws {
        var settings = classes.settings
        settings.root = root
        settings.labels = labelFrom
        settings.columns.label = labelKey
        try options.run("read", unit: "members", inputs: shards, settings) { settings, progress throws(Fault) in
            try SplitImport.tar(shards, settings, progress: progress)
        }
    }
}

struct ImportParquetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parquet",
        abstract: "Import parquet files that contain images, such as Hugging Face's data sets, or paths of images.",
        discussion: """
            Images are in a column of bytes, or of structures with a field 'bytes'. Without such a column, a column of \
            paths (path, filepath, image, file_name or filename) lists files below --root. Labels are in label, class, \
            classname or category, or in the only ClassLabel column of Hugging Face's libraries, whose class names are \
            in the file. Subsets are in split, part or subset, or else in the names of the files and their folders.
            """,
        aliases: ["huggingface"])

    @Argument(help: "The files.", completion: .file(extensions: ["parquet"]))
    var tables: [String]
    @Option(help: .value("folder", "A folder above all files (default: the nearest), or the folder of the paths."))
    var root: String?
    @Option(help: .value("name", "The column of encoded images."))
    var imageColumn: String?
    @Option(help: .value("name", "The column of paths, instead of images."))
    var pathColumn: String?
    @Option(help: .value("name", "The column of labels."))
    var labelColumn: String?
    @Option(help: .value("name", "The column of subsets."))
    var splitColumn: String?
    @OptionGroup var classes: ClassListArguments
    @OptionGroup var options: ImportArguments

    func validate() throws {
        guard imageColumn == nil || pathColumn == nil else {
            throw ValidationError("give either --image-column or --path-column")
        }
    }

    func run() throws {
        var settings = classes.settings
        settings.root = root
        settings.columns = ColumnNames(path: pathColumn, label: labelColumn, subset: splitColumn)
        settings.columns.image = imageColumn
        try options.run("read", unit: "rows", inputs: tables, settings) { settings, progress throws(Fault) in
            try SplitImport.parquet(tables, settings, progress: progress)
        }
    }
}

struct ImportImageFolderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "imagefolder",
        abstract: "Import a folder for Hugging Face's imagefolder, with metadata.csv or metadata.jsonl.")

    @Argument(help: "The folder.", completion: .directory)
    var folder: String
    @Option(help: .value("name", "The column or key of the labels."))
    var labelColumn = "label"
    @OptionGroup var classes: ClassListArguments
    @OptionGroup var options: ImportArguments

    func run() throws {
        var settings = classes.settings
        settings.columns.label = labelColumn
        try options.run("list", unit: "files", settings) { settings, progress throws(Fault) in
            try SplitImport.imageFolder(folder, settings, progress: progress)
        }
    }
}
