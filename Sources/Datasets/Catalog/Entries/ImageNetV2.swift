extension DatasetEntry {
    static let imagenetV2 = DatasetEntry(
        name: "imagenetv2", title: "ImageNetV2",
        summary: "New pictures for ImageNet's 1,000 classes, sampled as the old ones were (matched frequency).",
        folder: "imagenetv2", images: "imagenetv2-matched-frequency-format-val",
        landmark: "999", keywords: ["imagenetv2", "imagenet-v2", "matched-frequency"],
        classCount: 1000, counts: SubsetCounts(0, 0, 10000), imagesPerClass: "10",
        license: "as ImageNet's", homePage: "https://github.com/modestyachts/ImageNetV2",
        ownDownloads: [
            Download(
                "https://s3-us-west-2.amazonaws.com/imagenetv2public/imagenetv2-matched-frequency.tar.gz",
                provides: "imagenetv2-matched-frequency-format-val", note: "HTTP 403 since 2023"),
            Download(
                "https://huggingface.co/datasets/vaishaal/ImageNetV2/resolve/main/"
                    + "imagenetv2-matched-frequency.tar.gz",
                provides: "imagenetv2-matched-frequency-format-val", note: "the official address today"),
        ],
        files: ["imagenetv2-matched-frequency-format-val/": "0/, 1/, ... 999/"],
        classNaming: "the name in the line of classnames.txt whose number, counted from 0, is the folder's name",
        templates: TemplateSet.imagenet,
        renamedFolders: ["imagenetv2-matched-frequency": "imagenetv2-matched-frequency-format-val"],
        pitfalls: [
            "Folder names are numbers. Sorted as text (0, 1, 10, 100, ...) they give wrong labels for 988 of 1,000 "
                + "classes.",
            "Of the three versions, the published tables use matched frequency.",
        ],
        shiftOf: "imagenet", annotations: .imagenetV2)
}
