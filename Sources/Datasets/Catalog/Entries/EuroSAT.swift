extension DatasetEntry {
    static let eurosat = DatasetEntry(
        name: "eurosat", title: "EuroSAT",
        summary: "Land use of 10 kinds in satellite pictures of 64 x 64 pixels.",
        folder: "eurosat", images: "2750",
        landmark: "AnnualCrop", keywords: ["eurosat"],
        splitFile: "split_zhou_EuroSAT.json",
        splitID: "1Ip7yaCWFi0eaOFUGga0lUdVi_DDQth1o",
        classCount: 10, counts: SubsetCounts(13500, 5400, 8100), imagesPerClass: "2,000 to 3,000",
        license: "MIT", homePage: "https://github.com/phelber/EuroSAT",
        ownDownloads: [
            Download(
                "http://madm.dfki.de/files/sentinel/EuroSAT.zip", provides: "2750",
                note: "no longer the official address"),
            Download(
                "https://zenodo.org/records/7711810", what: "EuroSAT_RGB.zip", provides: "2750",
                note: "the official address; rename the folder EuroSAT_RGB to 2750"),
            Download(
                "https://huggingface.co/datasets/torchgeo/eurosat/resolve/"
                    + "c877bcd43f099cd0196738f714544e355477f3fd/EuroSAT.zip",
                provides: "2750", note: "the original archive, as loaded by torchvision"),
        ],
        files: ["2750/": "AnnualCrop/, Forest/, ..."],
        classNaming: "a longer name per folder, such as 'Annual Crop Land' for AnnualCrop",
        templates: TemplateSet.published("a centered satellite photo of {}.", tipAdapterFile: "eurosat.py"),
        renamedFolders: ["EuroSAT_RGB": "2750"],
        pitfalls: [
            "The archive on Zenodo contains the folder EuroSAT_RGB; the published split expects 2750.",
            "EuroSAT_MS.zip contains TIFF files with 13 bands and cannot be used here.",
            "In Kaggle's archive, the class folders are in EuroSAT/.",
        ],
        annotations: .folders(names: [
            "AnnualCrop": "Annual Crop Land", "HerbaceousVegetation": "Herbaceous Vegetation Land",
            "Highway": "Highway or Road", "Industrial": "Industrial Buildings", "Pasture": "Pasture Land",
            "PermanentCrop": "Permanent Crop Land", "Residential": "Residential Buildings", "SeaLake": "Sea or Lake",
        ]))
}
