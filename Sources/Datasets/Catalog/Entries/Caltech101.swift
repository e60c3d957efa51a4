extension DatasetEntry {
    static let caltech101 = DatasetEntry(
        name: "caltech101", title: "Caltech101",
        summary: "Objects of 100 categories in photographs and drawings.",
        folder: "caltech-101", images: "101_ObjectCategories",
        landmark: "accordion", keywords: ["caltech101", "101_ObjectCategories"],
        splitFile: "split_zhou_Caltech101.json",
        splitID: "1hyarUivQE36mY6jSomru6Fjd-JzwcCzN",
        classCount: 100, counts: SubsetCounts(4128, 1649, 2465), imagesPerClass: "31 to 800",
        license: "CC BY 4.0", homePage: "https://data.caltech.edu/records/mzrjq-6wc02",
        ownDownloads: [
            Download(
                "http://www.vision.caltech.edu/Image_Datasets/Caltech101/101_ObjectCategories.tar.gz",
                provides: "101_ObjectCategories", note: "dead link; use the next one"),
            Download(
                "https://data.caltech.edu/records/mzrjq-6wc02/files/caltech-101.zip", provides: "101_ObjectCategories",
                note: "contains 101_ObjectCategories.tar.gz"),
        ],
        files: ["101_ObjectCategories/": "accordion/, airplanes/, ..."],
        classNaming: "the folder name; airplanes, Faces, Leopards and Motorbikes become airplane, face, leopard and "
            + "motorbike",
        templates: TemplateSet.published("a photo of a {}.", tipAdapterFile: "caltech101.py"),
        pitfalls: [
            "BACKGROUND_Google and Faces_easy are not classes: 100 of the 102 folders are used.",
            "The zip file contains another archive, which must be extracted too.",
            "torchvision names the folder caltech101, and archives of Kaggle repeat it: "
                + "caltech-101/caltech-101/101_ObjectCategories.",
        ],
        annotations: .folders(
            ignored: ["BACKGROUND_Google", "Faces_easy"],
            names: [
                "airplanes": "airplane", "Faces": "face", "Leopards": "leopard", "Motorbikes": "motorbike",
            ]))
}
