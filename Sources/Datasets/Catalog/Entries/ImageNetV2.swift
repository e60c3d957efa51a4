extension DatasetEntry {
    static let imagenetV2 = DatasetEntry(
        name: "imagenetv2", title: "ImageNetV2",
        summary: "New pictures for ImageNet's 1,000 classes, drawn as the old ones were (matched frequency).",
        folder: "imagenetv2", images: "imagenetv2-matched-frequency-format-val", splitFile: nil,
        classCount: 1000, counts: SubsetCounts(0, 0, 10000), imagesPerClass: "10",
        licence: "as ImageNet's", homePage: "https://github.com/modestyachts/ImageNetV2",
        downloads: [
            Download(
                what: "imagenetv2-matched-frequency.tar.gz",
                address: "https://s3-us-west-2.amazonaws.com/imagenetv2public/imagenetv2-matched-frequency.tar.gz",
                provides: "imagenetv2-matched-frequency-format-val", note: "403 since 2023"),
            Download(
                what: "imagenetv2-matched-frequency.tar.gz",
                address: "https://huggingface.co/datasets/vaishaal/ImageNetV2/resolve/main/"
                    + "imagenetv2-matched-frequency.tar.gz",
                provides: "imagenetv2-matched-frequency-format-val", note: "the official place now"),
            .classNames,
        ],
        tree: """
            imagenetv2/
            ├── imagenetv2-matched-frequency-format-val/      0/, 1/, ... 999/
            └── classnames.txt
            """,
        classNaming: "the line of classnames.txt at the folder's number, which is ImageNet's label",
        namesakes: imagenetNamesakes, templates: TemplateSet.imagenet,
        renamedFolders: ["imagenetv2-matched-frequency": "imagenetv2-matched-frequency-format-val"],
        pitfalls: [
            "Folders are numbers. Sorted as text (0, 1, 10, 100, ...) they give wrong labels for 988 of 1,000 classes.",
            "Of the three sets, matched frequency is the one in the published tables.",
        ],
        shiftOf: "imagenet", annotations: .imagenetV2)
}
