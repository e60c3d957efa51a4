internal import Core

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
    /// The path of an image or class folder below the image folder, by which copies of the data set are recognized.
    package let landmark: String
    /// Words in the names that archives and mirrors give the data set's folder.
    package let keywords: [String]
    /// The file name of CoOp's published split in ``folder``; nil if none was published.
    public var splitFile: String?
    /// The identifier of ``splitFile`` on Google Drive.
    var splitID: String?
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
    /// The data set's own files to download.
    let ownDownloads: [Download]
    /// The required files and folders below ``folder`` except the split, each with examples of its content.
    var files: KeyValuePairs<String, String> = [:]
    /// The value of ``tree`` for files in several folders.
    var drawnTree: String?
    /// The way in which class names follow from the raw annotations.
    public let classNaming: String
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

    private var isImageNet: Bool { name == "imagenet" || shiftOf == "imagenet" }

    /// The names that two different classes share: the first two in CoOp's list of names, the others in Tip-Adapter's.
    public var namesakes: Set<String> { isImageNet ? ["crane", "maillot", "missile", "sunglasses"] : [] }

    /// The files to download: those that the published code links to first, then mirrors.
    public var downloads: [Download] {
        if isImageNet { return ownDownloads + [.classNames] }
        guard let splitFile, let splitID else { return ownDownloads + [.collection] }
        return ownDownloads + Download.split(splitFile, drive: splitID) + [.collection]
    }

    /// The required files below the data root, drawn as a tree.
    public var tree: String {
        if let drawnTree { return drawnTree }
        var rows = files.map { $1.isEmpty ? $0 : $0.padded(to: max(27, $0.count + 6)) + $1 }
        if let last = splitFile ?? (isImageNet ? "classnames.txt" : nil) { rows.append(last) }
        return "\(folder)/\n├── \(rows.dropLast().joined(separator: "\n├── "))\n└── \(rows.last ?? "")"
    }

    /// The image folder below the data root.
    public var imageRoot: String { images.isEmpty ? folder : folder.appending(path: images) }

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
    public let provides: String
    /// A remark for the user, such as a dead link.
    public let note: String

    /// A download from `address`, which is named after the address unless `what` is given.
    init(_ address: String, what: String? = nil, provides: String = "", note: String = "") {
        self.what = what ?? String(address.split(separator: "/").last ?? "")
        self.address = address
        self.provides = provides
        self.note = note
    }

    /// A split file of CoOp's: its Google Drive address, and a copy in a repository.
    static func split(_ file: String, drive: String) -> [Download] {
        [
            Download("https://drive.google.com/file/d/\(drive)/view", what: file, provides: file),
            Download(
                "\(splits)/\(file)", what: file, provides: file, note: "a copy (MIT), if Google Drive does not open"),
        ]
    }

    /// The mirror by PromptKD's authors of the images and splits of every data set except ImageNet.
    static let collection = Download(
        "https://huggingface.co/zhengli97/prompt_learning_dataset", what: "images and split",
        note: "a mirror of all data sets on this page except ImageNet")

    static let splits = "https://github.com/linzhiqiu/cross_modal_adaptation/raw/main/splits"

    /// The class names that ImageNet and its shifts need.
    package static let classNames = Download(
        "https://drive.google.com/file/d/1-61f_ol79pViBFDG_IDlUQSwoLcn2XXF/view", what: "classnames.txt",
        provides: "classnames.txt")
}
