extension DatasetEntry {
    static let imagenet = DatasetEntry(
        name: "imagenet", title: "ImageNet",
        summary: "Objects of 1,000 categories; the validation pictures of 2012 are the test part.",
        folder: "imagenet", images: "images", splitFile: nil,
        classCount: 1000, counts: SubsetCounts(1_281_167, 0, 50000),
        imagesPerClass: "732 to 1,300 to train, 50 to test",
        licence: "non-commercial research and education, after registration",
        homePage: "https://image-net.org",
        downloads: [
            Download(
                what: "ILSVRC2012_img_train.tar and ILSVRC2012_img_val.tar",
                address: "https://image-net.org/download.php",
                provides: "images", note: "asks for an account"),
            .classNames,
        ],
        tree: """
            imagenet/
            ├── images/
            │   ├── train/      1,000 folders: n01440764/, n01443537/, ...
            │   └── val/        the same 1,000 folders
            └── classnames.txt
            """,
        classNaming: "the line of classnames.txt that begins with the folder's name; the label is the folder's place "
            + "among the sorted folders of images/train",
        namesakes: imagenetNamesakes, templates: TemplateSet.imagenet,
        pitfalls: [
            "The training archive holds 1,000 archives: each is to be extracted into a folder of its name.",
            "The validation archive is flat. Its 50,000 files belong into the same 1,000 folders; "
                + "https://raw.githubusercontent.com/soumith/imagenetloader.torch/master/valprep.sh moves them.",
            "There is no val part: the published code chooses settings on the 50,000 pictures that it reports.",
            "Names differ between lists: CoOp's classnames.txt has 'crane' and 'maillot' twice, Tip-Adapter's list "
                + "'missile' and 'sunglasses'. Labels are the same in both.",
        ],
        annotations: .imagenet)

    /// The class names that ImageNet's published lists have twice: CoOp's the first two, Tip-Adapter's the others.
    static let imagenetNamesakes: Set<String> = ["crane", "maillot", "missile", "sunglasses"]
}
