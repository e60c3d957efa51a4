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
            validation, dev) and test (testing, eval, evaluation). Without subsets, each class is divided: 10 % of its \
            items for validation (--val 0.1), 20 % for testing (--test 0.2) and the rest for training, in the order of \
            a hash of --seed 1 and the path. So a photo that is added or removed moves at most two others, of its own \
            class. --keep OLD.split.json moves none.

            Names of folders and labels are cleaned up for prompts: AnnualCrop becomes Annual Crop, annual_crop \
            becomes annual crop; --keep-names keeps them.
            """,
        subcommands: [
            ImportFolderCommand.self, ImportListCommand.self, ImportTarCommand.self, ImportParquetCommand.self,
            ImportImageFolderCommand.self, ImportCoOpCommand.self,
        ])
}

struct ImportFolderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "folder",
        abstract: "Import a folder with one folder of images per class, optionally below train/ val/ test/.")

    @Argument(help: "The folder.", completion: .directory)
    var folder: String
    @OptionGroup var options: ImportArguments

    func run() throws {
        try options.run("list", unit: "files") { settings, progress throws(Fault) in
            try SplitImport.folder(folder, settings, progress: progress)
        }
    }
}

struct ImportListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Import a CSV or TSV table with one path and label per row, and optionally the subset.",
        discussion: """
            Columns are found by their names in the header: path, filepath, image, file_name or filename; label, \
            class, classname or category; split, part or subset. Without a header they are path,label or \
            path,label,split. Labels are class names, or numbers with a list of names in --classes.
            """,
        aliases: ["csv", "tsv"])

    @Argument(help: "The table.", completion: .file(extensions: ["csv", "tsv"]))
    var list: String
    @Option(help: .value("name", "The column of paths."))
    var pathColumn: String?
    @Option(help: .value("name", "The column of labels."))
    var labelColumn: String?
    @Option(help: .value("name", "The column of subsets."))
    var splitColumn: String?
    @OptionGroup var classes: ClassListArguments
    @Option(help: .value("folder", "The folder of the paths, for the next commands in the output."))
    var root: String?
    @OptionGroup var options: ImportArguments

    func run() throws {
        var settings = classes.settings
        settings.root = root
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

struct ImportTarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tar",
        abstract: "Import tar archives in WebDataset's layout, without unpacking them.",
        discussion: """
            An image's label is in the .cls or .json member of the same name; without such members it is the name of \
            the image's folder. The subset is taken from the archive's name, if it contains train, val or test. \
            Compressed archives (gzip, zstd, bzip2, xz) can be imported, but must be decompressed before their images \
            can be encoded.
            """,
        aliases: ["webdataset"])

    @Argument(help: "The archives.", completion: .file(extensions: ["tar", "gz", "zst"]))
    var shards: [String]
    @Option(help: .value("folder", "A folder above all archives (default: the nearest)."))
    var root: String?
    @Option(
        help: "Source of the labels: cls, txt, json or folder (default: the first of cls, json and folder present).")
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
