extension DatasetEntry {
    static let imagenet = DatasetEntry(
        name: "imagenet", title: "ImageNet",
        summary: "Objects of 1,000 categories; the validation pictures of 2012 are the test subset.",
        folder: "imagenet", images: "images",
        landmark: "train/n01440764", keywords: ["imagenet", "ilsvrc"],
        classCount: 1000, counts: SubsetCounts(1_281_167, 0, 50000),
        imagesPerClass: "732 to 1,300 to train, 50 to test",
        license: "non-commercial research and education, after registration",
        homePage: "https://image-net.org",
        ownDownloads: [
            Download(
                "https://image-net.org/download.php", what: "ILSVRC2012_img_train.tar and ILSVRC2012_img_val.tar",
                provides: "images", note: "requires an account")
        ],
        drawnTree: """
            imagenet/
            ├── images/
            │   ├── train/      1,000 folders: n01440764/, n01443537/, ...
            │   └── val/        the same 1,000 folders
            └── classnames.txt
            """,
        classNaming: "the name in classnames.txt after the folder's WordNet number; the label is the folder's position "
            + "among the sorted folders of images/train",
        templates: TemplateSet.imagenet,
        pitfalls: [
            "The training archive contains 1,000 archives: extract each one into a folder of the same name.",
            "The validation archive has no folders. Move its 50,000 files into the same 1,000 folders with "
                + "https://raw.githubusercontent.com/soumith/imagenetloader.torch/master/valprep.sh.",
            "There is no val subset: the published code chooses settings on the 50,000 images that it reports.",
            "Class names differ between lists: CoOp's classnames.txt has 'crane' and 'maillot' twice, Tip-Adapter's "
                + "list has 'missile' and 'sunglasses' twice. The labels are the same in both.",
            "Kaggle's archive has the images in ILSVRC/Data/CLS-LOC: link images to it. Its val folder "
                + "has to be sorted, too.",
            "torchvision and other code expect train/ and val/ without the folder images/ above them.",
        ],
        annotations: .imagenet)
}
