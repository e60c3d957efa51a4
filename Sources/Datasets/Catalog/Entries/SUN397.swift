extension DatasetEntry {
    static let sun397 = DatasetEntry(
        name: "sun397", title: "SUN397",
        summary: "Scenes of 397 kinds, indoors and outdoors.",
        folder: "sun397", images: "SUN397",
        landmark: "a/abbey", keywords: ["sun397"],
        splitFile: "split_zhou_SUN397.json",
        splitID: "1y2RD81BYuiyvebdN-JymPfyWYcd8_MUq",
        classCount: 397, counts: SubsetCounts(15880, 3970, 19850), imagesPerClass: "100: 40, 10 and 50",
        license: "none found", homePage: "https://vision.princeton.edu/projects/2010/SUN/",
        ownDownloads: [
            Download(
                "http://vision.princeton.edu/projects/2010/SUN/SUN397.tar.gz", provides: "SUN397",
                note: "HTTP 404 since 2025; 37 GB"),
            Download(
                "https://vision.princeton.edu/projects/2010/SUN/download/Partitions.zip", provides: "ClassName.txt",
                note: "HTTP 404 since 2025"),
            Download(
                "https://opendatalab.com/OpenDataLab/SUN397", provides: "SUN397",
                note: "a mirror that users recommend"),
        ],
        files: [
            "SUN397/": "a/abbey/, a/airplane_cabin/, ...", "ClassName.txt": "", "Training_01.txt": "",
            "Testing_01.txt": "",
        ],
        classNaming: "the path in ClassName.txt without its first letter and in reverse order: "
            + "'/b/balcony/exterior' becomes 'exterior balcony'",
        templates: TemplateSet.published("a photo of a {}.", tipAdapterFile: "sun397.py"),
        pitfalls: [
            "The official links are dead (HTTP 404).",
            "Partitions.zip contains ten splits; the first one, Training_01.txt and Testing_01.txt, is used.",
            "Copies with the folders train/ and test/ (Kaggle, Hugging Face) do not match the published split's paths.",
        ],
        annotations: .sun)
}
