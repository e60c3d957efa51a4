public import ArgumentParser
internal import Command
internal import Core
public import SplitImport

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a split of your own images: of folders, a list, archives, tables, or CoOp's JSON.",
        discussion: """
            Parts are those that the data has: folders, a column or archives called train (training), val (valid, \
            validation, dev) and test (testing, eval, evaluation). Where it has none, each class is cut on its own: \
            --val 0.1 of its items, --test 0.2, and the rest to train on, shuffled by --seed 1.

            Names of folders and labels become class names as prompts need them: AnnualCrop becomes Annual Crop, \
            annual_crop annual crop; --keep-names leaves them as they are.
            """,
        subcommands: [
            ImportFolderCommand.self, ImportListCommand.self, ImportTarCommand.self, ImportParquetCommand.self,
            ImportImageFolderCommand.self, ImportCoOpCommand.self,
        ])
}

struct ImportFolderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "folder",
        abstract: "A folder with a folder of images for each class, or train/ val/ test/ above them.")

    @Argument(help: "The folder.", completion: .directory)
    var folder: String
    @OptionGroup var cut: CutArguments
    @OptionGroup var target: ImportTarget

    func run() throws {
        let settings = try cut.settings()
        let imported = try withProgress("list", unit: "files") { progress throws(Fault) in
            try SplitImport.folder(folder, settings, progress: progress)
        }
        try target.publish(imported, root: folder)
    }
}

struct ImportListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "A table in CSV or TSV: a path and a label a row, and the part if it says so.",
        discussion: """
            Columns are found by the header: path, filepath, image, file_name or filename; label, class, classname or \
            category; split, part or subset. Without a header they are path,label or path,label,split. Labels are \
            names, or numbers into the list that --classes names.
            """,
        aliases: ["csv", "tsv"])

    @Argument(help: "The table.", completion: .file(extensions: ["csv", "tsv"]))
    var list: String
    @Option(help: ArgumentHelp("The column of paths.", valueName: "name"))
    var pathColumn: String?
    @Option(help: ArgumentHelp("The column of labels.", valueName: "name"))
    var labelColumn: String?
    @Option(help: ArgumentHelp("The column of parts.", valueName: "name"))
    var splitColumn: String?
    @OptionGroup var classes: ClassListArguments
    @Option(
        help: ArgumentHelp("The folder that the paths are below, for the commands that come next.", valueName: "folder")
    )
    var root: String?
    @OptionGroup var cut: CutArguments
    @OptionGroup var target: ImportTarget

    func run() throws {
        try target.check(list)
        var settings = try cut.settings()
        settings.classes = classes.classes
        let columns = ColumnNames(path: pathColumn, label: labelColumn, subset: splitColumn)
        let imported = try withProgress("read", unit: "KiB") { [settings] progress throws(Fault) in
            try SplitImport.list(list, columns: columns, settings, progress: progress)
        }
        try target.publish(imported, root: root)
    }
}

struct ImportCoOpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coop", abstract: "CoOp's split_zhou_*.json, item for item and label for label.")

    @Argument(help: "The JSON file.", completion: .file(extensions: ["json"]))
    var file: String
    @Option(help: ArgumentHelp("Whose split it is, where the file's name does not say.", valueName: "name"))
    var dataset: String?
    @OptionGroup var target: ImportTarget

    func run() throws {
        try target.check(file)
        try target.publish(SplitImport.coOp(file, dataset: dataset), root: nil)
    }
}

extension SplitImport.LabelSource: ExpressibleByArgument {}

struct ImportTarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tar",
        abstract: "Tar archives as WebDataset lays them out; they are not unpacked.",
        discussion: """
            An image's label is in the member of its name that ends in .cls, or in .json; without such members it is \
            the name of the folder that the image lies in. Archives with train, val or test in their names are these parts. \
            They may be in gzip, zstd, bzip2 or xz, but are to be decompressed before their images can be encoded.
            """,
        aliases: ["webdataset"])

    @Argument(help: "The archives.", completion: .file(extensions: ["tar", "gz", "zst"]))
    var shards: [String]
    @Option(help: ArgumentHelp("A folder above all archives (default: the nearest).", valueName: "folder"))
    var root: String?
    @Option(help: "Where labels are: cls, txt, json or folder (default: whichever of cls, json and folder there is).")
    var labelFrom: SplitImport.LabelSource?
    @Option(help: ArgumentHelp("Where in .json members (default: label, class or classname).", valueName: "key"))
    var labelKey: String?
    @OptionGroup var classes: ClassListArguments
    @OptionGroup var cut: CutArguments
    @OptionGroup var target: ImportTarget

    func run() throws {
        var settings = try cut.settings()
        settings.classes = classes.classes
        for shard in shards { try target.check(shard) }
        var archives = SplitImport.Shards(paths: shards)
        (archives.root, archives.labels, archives.labelKey) = (root, labelFrom, labelKey)
        let (imported, root) = try withProgress("read", unit: "members") {
            [archives, settings] progress throws(Fault) in
            try SplitImport.tar(archives, settings, progress: progress)
        }
        try target.publish(imported, root: root)
    }
}

struct ImportParquetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parquet",
        abstract: "Parquet files with images in them, as Hugging Face's datasets are, or with paths of images.",
        discussion: """
            Images are a column of bytes, or one with 'bytes' in it; where there is none, a column of paths (path, filepath, \
            image, file_name or filename) names files below --root. Labels are in label, class, classname or category, or \
            in the one column that Hugging Face's libraries have numbered, whose names of classes are taken from the file. Parts \
            are in split, part or subset, or else in the names of files and their folders.
            """,
        aliases: ["huggingface"])

    @Argument(help: "The files.", completion: .file(extensions: ["parquet"]))
    var tables: [String]
    @Option(
        help: ArgumentHelp(
            "A folder above all files (default: the nearest), or the one that paths are below.", valueName: "folder"))
    var root: String?
    @Option(help: ArgumentHelp("The column of images as bytes.", valueName: "name"))
    var imageColumn: String?
    @Option(help: ArgumentHelp("The column of paths, in place of images.", valueName: "name"))
    var pathColumn: String?
    @Option(help: ArgumentHelp("The column of labels.", valueName: "name"))
    var labelColumn: String?
    @Option(help: ArgumentHelp("The column of parts.", valueName: "name"))
    var splitColumn: String?
    @OptionGroup var classes: ClassListArguments
    @OptionGroup var cut: CutArguments
    @OptionGroup var target: ImportTarget

    func validate() throws {
        guard imageColumn == nil || pathColumn == nil else {
            throw ValidationError("images are in a column, or in the files that a column names: name one of them")
        }
    }

    func run() throws {
        var settings = try cut.settings()
        settings.classes = classes.classes
        for table in tables { try target.check(table) }
        var chosen = SplitImport.Tables(paths: tables)
        (chosen.root, chosen.imageColumn) = (root, imageColumn)
        chosen.columns = ColumnNames(path: pathColumn, label: labelColumn, subset: splitColumn)
        let (imported, root) = try withProgress("read", unit: "rows") { [chosen, settings] progress throws(Fault) in
            try SplitImport.parquet(chosen, settings, progress: progress)
        }
        try target.publish(imported, root: root)
    }
}

struct ImportImageFolderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "imagefolder",
        abstract: "A folder for Hugging Face's imagefolder, with metadata.csv or metadata.jsonl.")

    @Argument(help: "The folder.", completion: .directory)
    var folder: String
    @Option(help: ArgumentHelp("The column, or key, of the labels.", valueName: "name"))
    var labelColumn = "label"
    @OptionGroup var classes: ClassListArguments
    @OptionGroup var cut: CutArguments
    @OptionGroup var target: ImportTarget

    func run() throws {
        var settings = try cut.settings()
        settings.classes = classes.classes
        let imported = try withProgress("list", unit: "files") { [settings] progress throws(Fault) in
            try SplitImport.imageFolder(folder, labelColumn: labelColumn, settings, progress: progress)
        }
        try target.publish(imported, root: folder)
    }
}
