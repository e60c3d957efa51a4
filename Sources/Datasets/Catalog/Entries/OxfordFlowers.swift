extension DatasetEntry {
    static let oxfordFlowers = DatasetEntry(
        name: "oxford_flowers", title: "Flowers102",
        summary: "Flowers of 102 kinds that grow in the United Kingdom.",
        folder: "oxford_flowers", images: "jpg",
        landmark: "image_00001.jpg", keywords: ["flower"],
        splitFile: "split_zhou_OxfordFlowers.json",
        splitID: "1Pp0sRXzZFZq15zVOzKjKBu4A9i01nozT",
        classCount: 102, counts: SubsetCounts(4093, 1633, 2463), imagesPerClass: "40 to 258",
        license: "none found", homePage: "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",
        ownDownloads: [
            Download("https://www.robots.ox.ac.uk/~vgg/data/flowers/102/102flowers.tgz", provides: "jpg"),
            Download("https://www.robots.ox.ac.uk/~vgg/data/flowers/102/imagelabels.mat", provides: "imagelabels.mat"),
            Download(
                "https://drive.google.com/file/d/1AkcxCXeK_RCGCEC_GvmWxjcjaNhu-at0/view", what: "cat_to_name.json",
                provides: "cat_to_name.json"),
            Download(
                Download.splits + "/cat_to_name.json", provides: "cat_to_name.json",
                note: "a copy, if Google Drive does not open"),
        ],
        files: ["jpg/": "image_00001.jpg, ...", "imagelabels.mat": "", "cat_to_name.json": ""],
        classNaming: "the name in cat_to_name.json for the label in imagelabels.mat, where labels count from 1",
        templates: TemplateSet.published("a photo of a {}, a type of flower.", tipAdapterFile: "oxford_flowers.py"),
        pitfalls: [
            "The official split, setid.mat, is not used: the published code divides every class 50/20/30.",
            "Built from the raw annotations with seed 1, the split equals the published one item for item.",
            "torchvision names the folder flowers-102. Copies with the folders train/1, train/2, ... "
                + "(Kaggle, PyTorch courses) do not match: import them with "
                + "'import folder --classes cat_to_name.json'.",
        ],
        annotations: .flowers)
}
