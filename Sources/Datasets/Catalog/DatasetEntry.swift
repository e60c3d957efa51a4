/// A published data set: its folders, class names, sizes and sources.
public struct DatasetEntry: Sendable {
    /// The name that the tools use, such as `caltech101`.
    public let name: String
    /// The name that papers use, such as `Caltech101`.
    public let title: String
    /// One sentence on the content of the images.
    public let summary: String
    /// The data set's folder below the data root, as in CoOp's instructions: `caltech-101`.
    public let folder: String
    /// The image folder below ``folder``; empty if the split's paths start at ``folder``.
    public let images: String
    /// The file name of CoOp's published split in ``folder``; nil if none was published.
    public var splitFile: String?
    /// The number of classes.
    public let classCount: Int
    /// The number of items of each subset in the published split.
    public let counts: SubsetCounts
    /// The number of images per class, in words.
    public let imagesPerClass: String
    /// The license, in the words of the data set's authors.
    public let license: String
    /// The address of the data set's page.
    public let homePage: String
    /// The files to download: those that the published code links to first, then mirrors.
    public let downloads: [Download]
    /// The required files below the data root, drawn as a tree.
    public let tree: String
    /// The way in which class names follow from the raw annotations.
    public let classNaming: String
    /// The names that two different classes share.
    public var namesakes: Set<String> = []
    /// The prompt template sets, such as `tip` and `coop`.
    public let templates: [TemplateSet]
    /// The folder names of newer downloads, each with the name that splits use: `EuroSAT_RGB` is `2750`.
    public var renamedFolders: [String: String] = [:]
    /// Known problems with the downloads, the annotations or the published split.
    public let pitfalls: [String]
    /// The data set whose labels this one shares; set for ImageNet's shifts, which are for testing only.
    public var shiftOf: String?
    /// The layout of the data set's own annotations, from which a split is built where none was published.
    package let annotations: RawAnnotations

    /// The image folder below the data root.
    public var imageRoot: String { images.isEmpty ? folder : "\(folder)/\(images)" }

    /// Returns the template set named `name`; nil if the data set has none of that name.
    public func templates(named name: String) -> TemplateSet? { templates.first { $0.name == name } }
}

/// The number of items of each subset.
public struct SubsetCounts: Hashable, Sendable, Codable {
    /// Items to train on.
    public let train: Int
    /// Items to choose settings on.
    public let val: Int
    /// Items to test on.
    public let test: Int

    /// The number of items in all subsets.
    public var total: Int { train + val + test }

    /// The counts of train, val and test, in this order.
    public init(_ train: Int, _ val: Int, _ test: Int) {
        self.train = train
        self.val = val
        self.test = test
    }
}

/// A file or page to download data from.
public struct Download: Hashable, Sendable, Codable {
    /// The name of the file or data.
    public let what: String
    /// The URL.
    public let address: String
    /// The file or folder below the data set's folder that the download contains; empty if it contains all of them.
    public var provides = ""
    /// A remark for the user, such as a dead link.
    public var note = ""

    /// A split file of CoOp's: its Google Drive address, and a copy in a repository.
    static func split(_ file: String, drive: String) -> [Download] {
        [
            Download(what: file, address: "https://drive.google.com/file/d/\(drive)/view", provides: file),
            Download(
                what: file, address: "\(splits)/\(file)", provides: file,
                note: "a copy (MIT), if Google Drive does not open"),
        ]
    }

    /// The mirror by PromptKD's authors of the images and splits of every data set except ImageNet.
    static let collection = Download(
        what: "images and split", address: "https://huggingface.co/zhengli97/prompt_learning_dataset",
        note: "a mirror of all data sets on this page except ImageNet")

    static let splits = "https://github.com/linzhiqiu/cross_modal_adaptation/raw/main/splits"

    /// The class names that ImageNet and its shifts need.
    package static let classNames = Download(
        what: "classnames.txt", address: "https://drive.google.com/file/d/1-61f_ol79pViBFDG_IDlUQSwoLcn2XXF/view",
        provides: "classnames.txt")
}
