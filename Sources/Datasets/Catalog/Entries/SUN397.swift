extension DatasetEntry {
    static let sun397 = DatasetEntry(
        name: "sun397", title: "SUN397",
        summary: "Scenes of 397 kinds, indoors and outdoors.",
        folder: "sun397", images: "SUN397", splitFile: "split_zhou_SUN397.json",
        classCount: 397, counts: SubsetCounts(15880, 3970, 19850), imagesPerClass: "100: 40, 10 and 50",
        licence: "none found", homePage: "https://vision.princeton.edu/projects/2010/SUN/",
        downloads: [
            Download(
                what: "SUN397.tar.gz", address: "http://vision.princeton.edu/projects/2010/SUN/SUN397.tar.gz",
                provides: "SUN397", note: "404 since 2025; 37 GB"),
            Download(
                what: "Partitions.zip",
                address: "https://vision.princeton.edu/projects/2010/SUN/download/Partitions.zip",
                provides: "ClassName.txt", note: "404 since 2025"),
            Download(
                what: "SUN397", address: "https://opendatalab.com/OpenDataLab/SUN397", provides: "SUN397",
                note: "a mirror that users point to"),
        ] + Download.split("split_zhou_SUN397.json", drive: "1y2RD81BYuiyvebdN-JymPfyWYcd8_MUq") + [.collection],
        tree: """
            sun397/
            ├── SUN397/                    a/abbey/, a/airplane_cabin/, ...
            ├── ClassName.txt
            ├── Training_01.txt
            ├── Testing_01.txt
            └── split_zhou_SUN397.json
            """,
        classNaming: "the path in ClassName.txt without its letter, the folders in reverse order: "
            + "'/b/balcony/exterior' is 'exterior balcony'",
        templates: TemplateSet.published("a photo of a {}.", tipAdapterFile: "sun397.py"),
        pitfalls: [
            "The official addresses answer 404.",
            "Partitions.zip has ten divisions; the first one, Training_01.txt and Testing_01.txt, is used.",
            "Copies in folders train/ and test/ (Kaggle, Hugging Face) do not fit the published split's paths.",
        ],
        annotations: .sun)
}
