// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: strict memory safety makes each unsafe expression visible as `unsafe`.
let common: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
/// Targets whose types lend spans.
///
/// Their clients do not need the flag.
let views = common + [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// One of Debian's C libraries; `pkgConfig` is nil where it has no .pc file or is opened at run time.
func library(_ name: String, pkgConfig: String?, _ package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// C or C++ code of this project: loops that Swift cannot compile as well, or a shim over a library.
func code(_ name: String, linking libraries: String...) -> Target {
    .target(name: name, path: "Sources/C/\(name)", linkerSettings: libraries.map { .linkedLibrary($0) })
}

/// The commands of a tool.
func commands(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies + ["Command", argumentParser], path: "Sources/tools/\(name)",
        swiftSettings: common)
}

func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["Command"], path: "Sources/tools/\(name)", swiftSettings: common)
}

/// A module below `Sources/Datasets`.
func datasets(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Datasets/\(name)", swiftSettings: views)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], resources: resources, swiftSettings: common)
}

let package = Package(
    name: "fewshot",
    products: [
        .library(name: "Core", targets: ["Core"]),
        .library(name: "Archives", targets: ["Archives"]),
        .library(name: "TensorFiles", targets: ["TensorFiles"]),
        .library(name: "Kernels", targets: ["Kernels"]),
        .library(name: "Images", targets: ["Images"]),
        .library(name: "Catalog", targets: ["Catalog"]),
        .library(name: "Splits", targets: ["Splits"]),
        .library(name: "SplitImport", targets: ["SplitImport"]),
        .library(name: "SplitExport", targets: ["SplitExport"]),
        .library(name: "SplitCheck", targets: ["SplitCheck"]),
        .library(name: "Drawing", targets: ["Drawing"]),
        .library(name: "TextCleaning", targets: ["TextCleaning"]),
        .library(name: "CLIP", targets: ["CLIP"]),
        .library(name: "FeatureStore", targets: ["FeatureStore"]),
        .library(name: "FeatureImport", targets: ["FeatureImport"]),
        .library(name: "Extraction", targets: ["Extraction"]),
        .library(name: "Adapter", targets: ["Adapter"]),
        .library(name: "Studies", targets: ["Studies"]),
        .library(name: "Scheduling", targets: ["Scheduling"]),
        .library(name: "Reporting", targets: ["Reporting"]),
        .library(name: "Pictures", targets: ["Pictures"]),
        .executable(name: "fewshot", targets: ["fewshot"]),
        .executable(name: "fewshot-split", targets: ["fewshot-split"]),
        .executable(name: "fewshot-features", targets: ["fewshot-features"]),
        .executable(name: "fewshot-train", targets: ["fewshot-train"]),
        .executable(name: "fewshot-report", targets: ["fewshot-report"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    ],
    targets: [
        library("CArchive", pkgConfig: "libarchive", "libarchive-dev"),
        library("CCSV", pkgConfig: nil, "libcsv-dev"),
        library("CHDF5", pkgConfig: "hdf5", "libhdf5-dev"),
        library("CMatio", pkgConfig: "matio", "libmatio-dev"),
        // Opened at run time, after its kernels are chosen.
        library("COpenBLAS", pkgConfig: nil, "libopenblas-dev"),
        library("COpenSSL", pkgConfig: "libcrypto", "libssl-dev"),
        library("CSnappy", pkgConfig: "snappy", "libsnappy-dev"),
        library("CTIFF", pkgConfig: "libtiff-4", "libtiff-dev"),
        library("CTurboJPEG", pkgConfig: "libturbojpeg", "libturbojpeg0-dev"),
        // Its .pc file has a definition that SwiftPM refuses, and that concerns Windows alone.
        library("CUTF8Proc", pkgConfig: nil, "libutf8proc-dev"),
        library("CWebP", pkgConfig: "libwebpdemux", "libwebp-dev"),
        library("CYAML", pkgConfig: "yaml-0.1", "libyaml-dev"),
        library("CZip", pkgConfig: "libzip", "libzip-dev"),
        library("CZlib", pkgConfig: "zlib", "zlib1g-dev"),
        library("CZstd", pkgConfig: "libzstd", "libzstd-dev"),
        code("CAVIF", linking: "avif"),
        code("CBFloat16"),
        code("CHEIF", linking: "heif", "de265", "m"),
        code("CPNG", linking: "png"),
        code("CProcessor"),
        code("CResample"),
        code("CXXHash"),
        code("CSimdjson", linking: "simdjson", "stdc++"),
        code("COneDNN", linking: "dnnl", "gomp"),

        .target(
            name: "Core", dependencies: ["COpenSSL", "CProcessor", "CXXHash", "CZlib", system], swiftSettings: views),
        .target(
            name: "Kernels", dependencies: ["Core", "COpenBLAS", "COneDNN", "CProcessor"],
            swiftSettings: views),
        .target(name: "TensorFiles", dependencies: ["Core", "CZip"], swiftSettings: views),
        .target(
            name: "Images",
            dependencies: ["Core", "CAVIF", "CHEIF", "CPNG", "CResample", "CTIFF", "CTurboJPEG", "CWebP"],
            swiftSettings: views),
        .target(name: "Archives", dependencies: ["Core", "CArchive", "CSnappy"], swiftSettings: views),
        datasets("Catalog", ["Core"]),
        datasets("Splits", ["Core", "Catalog", "CSimdjson"]),
        datasets("SplitImport", ["Archives", "Core", "Catalog", "Images", "Splits", "CCSV", "CMatio"]),
        datasets("SplitExport", ["Core", "Catalog", "Images", "Splits"]),
        datasets("SplitCheck", ["Archives", "Core", "Catalog", "Images", "SplitImport", "Splits"]),
        .target(name: "Drawing", dependencies: ["Core", "Splits", "CZlib"], swiftSettings: common),
        .target(
            name: "TextCleaning", dependencies: ["CUTF8Proc"], resources: [.embedInCode("Tables")],
            swiftSettings: common),
        .target(
            name: "CLIP",
            dependencies: ["Core", "Images", "Kernels", "TensorFiles", "TextCleaning", "CBFloat16", "COneDNN"],
            swiftSettings: views),
        .target(
            name: "FeatureStore", dependencies: ["Core", "TensorFiles", "CHDF5", "CZstd"],
            exclude: ["Format/FORMAT.md"], swiftSettings: views),
        .target(
            name: "FeatureImport", dependencies: ["Archives", "Core", "FeatureStore", "TensorFiles"],
            swiftSettings: views),
        .target(
            name: "Extraction",
            dependencies: ["Archives", "Core", "CLIP", "FeatureStore", "Images", "Kernels", "Splits"],
            swiftSettings: common),
        .target(name: "Scheduling", dependencies: ["Core"], swiftSettings: common),
        .target(
            name: "Adapter", dependencies: ["Core", "Kernels", "TensorFiles"],
            resources: [.embedInCode("published-settings.json")], swiftSettings: views),
        .target(
            name: "Studies",
            dependencies: ["Adapter", "Core", "CYAML", "FeatureStore", "Kernels", "Splits", "TensorFiles"],
            swiftSettings: common),
        .target(
            name: "Reporting", dependencies: ["Adapter", "Core", "Studies"],
            resources: ["HTML/report.css", "HTML/report.js", "Published/numbers.tsv"].map { .embedInCode($0) },
            swiftSettings: common),

        .target(name: "Pictures", dependencies: ["Archives", "Core", "Images", "Reporting"], swiftSettings: common),

        .target(
            name: "Command", dependencies: ["Core", "Scheduling", argumentParser],
            path: "Sources/tools/Command",
            swiftSettings: common),
        commands(
            "SplitCommands", ["Catalog", "Core", "Drawing", "SplitCheck", "SplitExport", "SplitImport", "Splits"]),
        commands(
            "FeaturesCommands",
            [
                "Extraction", "CLIP", "FeatureImport", "FeatureStore", "Images", "Kernels", "Scheduling", "Splits",
                "Core",
            ]),
        commands(
            "TrainCommands",
            [
                "Studies", "Reporting", "Scheduling", "Adapter", "CLIP", "FeatureStore", "Splits", "Images", "Kernels",
                "Core",
            ]),
        commands("ReportCommands", ["Pictures", "Reporting", "Studies", "Core"]),
        tool("fewshot-split", ["SplitCommands"]),
        tool("fewshot-features", ["FeaturesCommands"]),
        tool("fewshot-train", ["TrainCommands"]),
        tool("fewshot-report", ["ReportCommands"]),
        tool(
            "fewshot",
            [
                "SplitCommands", "FeaturesCommands", "TrainCommands", "ReportCommands", "Kernels", "CProcessor", "Core",
                argumentParser,
            ]),

        .target(
            name: "TestSupport",
            dependencies: ["Adapter", "Core", "FeatureStore", "Kernels", "Splits", "Studies", "TensorFiles"],
            path: "Tests/TestSupport", swiftSettings: common),
        tests("CoreTests", ["Core", "CProcessor"]),
        tests("TensorFilesTests", ["TensorFiles", "Core"]),
        tests("ArchivesTests", ["Archives", "Core"]),
        tests("KernelsTests", ["Kernels", "Core"]),
        tests("ImagesTests", ["Images", "Core"]),
        tests("CatalogTests", ["Catalog", "Core"]),
        tests("SplitsTests", ["Splits", "Catalog", "Core"]),
        tests("SplitImportTests", ["SplitImport", "Catalog", "Splits", "Core"]),
        tests("SplitExportTests", ["SplitExport", "Splits", "Core"]),
        tests("SplitCheckTests", ["SplitCheck", "Splits", "Core"]),
        tests("FeatureStoreTests", ["FeatureStore", "TensorFiles", "Core"]),
        tests("FeatureImportTests", ["Archives", "FeatureImport", "FeatureStore", "TensorFiles", "Core"]),
        tests("DrawingTests", ["Drawing", "Images", "Splits", "Core"]),
        tests("CLIPTests", ["CLIP", "Drawing", "Images", "Kernels", "TensorFiles", "TextCleaning", "Core"]),
        tests(
            "ExtractionTests",
            ["Extraction", "CLIP", "Drawing", "FeatureStore", "Images", "Kernels", "SplitImport", "Splits", "Core"]),
        tests("SchedulingTests", ["Scheduling", "Core"]),
        tests("AdapterTests", ["Adapter", "Kernels", "Core"]),
        tests(
            "StudiesTests",
            ["Studies", "Adapter", "FeatureStore", "Kernels", "Splits", "TensorFiles", "Core"]),
        tests("ReportingTests", ["Reporting", "Studies", "Adapter", "Archives", "Core"]),
        tests(
            "PicturesTests",
            ["Pictures", "Reporting", "Studies", "Adapter", "FeatureStore", "Core"]),
        tests("ToolsTests", ["Command", "FeatureStore", "TensorFiles", "Core"]),
    ],
    cxxLanguageStandard: .cxx17
)
