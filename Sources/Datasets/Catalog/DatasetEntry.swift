/// What is known of one published data set: where its files lie, how its classes are called, what it should hold.
public struct DatasetEntry: Sendable {
    /// As the tools name it: `caltech101`.
    public let name: String
    /// As papers name it: `Caltech101`.
    public let title: String
    /// One sentence: what the pictures show and what is asked of them.
    public let summary: String
    /// The data set's folder below the data root, as CoOp's instructions name it: `caltech-101`.
    public let folder: String
    /// The folder of the images below ``folder``; empty where paths start there.
    public let images: String
    /// CoOp's published split in ``folder``; nil where there is none.
    public var splitFile: String?
    public let classCount: Int
    public let counts: SubsetCounts
    /// How many images a class has.
    public let imagesPerClass: String
    public let licence: String
    public let homePage: String
    /// What to get, and from where; the first is what the published code points to, the others are mirrors.
    public let downloads: [Download]
    /// Below the data root, what has to be there: drawn as in CoOp's instructions.
    public let tree: String
    /// How class names are made of the raw annotations.
    public let classNaming: String
    /// Names that two different classes share, knowingly.
    public var namesakes: Set<String> = []
    /// Template sets by name, as `tip` and `coop`.
    public let templates: [TemplateSet]
    /// Names under which newer downloads have a folder, and the name that splits use: `EuroSAT_RGB` is `2750`.
    public var renamedFolders: [String: String] = [:]
    /// What goes wrong in practice.
    public let pitfalls: [String]
    /// The data set whose labels this one's are: shifts of ImageNet test on it and train on nothing.
    public var shiftOf: String?
    /// The layout of the data set's own annotations, from which a split is made where none was published.
    package let annotations: RawAnnotations

    /// The folder of the images below the data root.
    public var imageRoot: String { images.isEmpty ? folder : "\(folder)/\(images)" }

    /// The template set called `name`; nil if the data set has none of that name.
    public func templates(named name: String) -> TemplateSet? { templates.first { $0.name == name } }
}

/// How many items each part should have.
public struct SubsetCounts: Hashable, Sendable, Codable {
    public let train: Int
    public let val: Int
    public let test: Int

    /// The number of items in all subsets.
    public var total: Int { train + val + test }

    public init(_ train: Int, _ val: Int, _ test: Int) {
        self.train = train
        self.val = val
        self.test = test
    }
}

/// Something to get from somewhere.
public struct Download: Hashable, Sendable, Codable {
    public let what: String
    public let address: String
    /// Which file or folder of the data set's folder it makes; empty for all of them.
    public var provides = ""
    /// What to know of it, as that the address is dead.
    public var note = ""

    /// One of CoOp's split files, on CoOp's Google Drive and in a repository that holds copies.
    static func split(_ file: String, drive: String) -> [Download] {
        [
            Download(what: file, address: "https://drive.google.com/file/d/\(drive)/view", provides: file),
            Download(
                what: file, address: "\(splits)/\(file)", provides: file,
                note: "a copy (MIT), for where Google Drive does not open"),
        ]
    }

    /// Images and splits of every data set except ImageNet, gathered by PromptKD's authors.
    static let collection = Download(
        what: "images and split", address: "https://huggingface.co/zhengli97/prompt_learning_dataset",
        note: "a mirror of all data sets here except ImageNet")

    static let splits = "https://github.com/linzhiqiu/cross_modal_adaptation/raw/main/splits"

    /// The class names that ImageNet and its shifts need.
    package static let classNames = Download(
        what: "classnames.txt", address: "https://drive.google.com/file/d/1-61f_ol79pViBFDG_IDlUQSwoLcn2XXF/view",
        provides: "classnames.txt")
}
