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
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

/// One of Debian's C libraries; `pkgConfig` is nil where it has no .pc file or is opened at run time.
func library(_ name: String, pkgConfig: String?, _ package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// C or C++ code of this project: loops that Swift cannot compile as well, or a shim over a library.
func code(_ name: String, linking libraries: String...) -> Target {
    .target(name: name, path: "Sources/C/\(name)", linkerSettings: libraries.map { .linkedLibrary($0) })
}

func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + ["Command", argumentParser], path: "Sources/tools/\(name)",
        swiftSettings: common)
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
        .library(name: "Datasets", targets: ["Datasets"]),
        .library(name: "Drawing", targets: ["Drawing"]),
        .library(name: "CLIP", targets: ["CLIP"]),
        .library(name: "FeatureStore", targets: ["FeatureStore"]),
        .library(name: "Extraction", targets: ["Extraction"]),
        .library(name: "Adapter", targets: ["Adapter"]),
        .library(name: "Studies", targets: ["Studies"]),
        .library(name: "Scheduling", targets: ["Scheduling"]),
        .library(name: "Reporting", targets: ["Reporting"]),
        .executable(name: "fewshot-split", targets: ["fewshot-split"]),
        .executable(name: "fewshot-features", targets: ["fewshot-features"]),
        .executable(name: "fewshot-train", targets: ["fewshot-train"]),
        .executable(name: "fewshot-report", targets: ["fewshot-report"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
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
        library("CWebP", pkgConfig: "libwebpdemux", "libwebp-dev"),
        library("CZip", pkgConfig: "libzip", "libzip-dev"),
        library("CZlib", pkgConfig: "zlib", "zlib1g-dev"),
        library("CZstd", pkgConfig: "libzstd", "libzstd-dev"),
        code("CBrainFloat"),
        code("CPNG", linking: "png"),
        code("CProcessor"),
        code("CResample"),
        code("CXXHash"),
        code("CSimdjson", linking: "simdjson", "stdc++"),
        code("COneDNN", linking: "dnnl", "gomp"),

        .target(name: "Core", dependencies: ["COpenSSL", "CProcessor", "CXXHash", "CZlib"], swiftSettings: views),
        .target(
            name: "Kernels", dependencies: ["Core", "CBrainFloat", "COpenBLAS", "COneDNN", "CProcessor"],
            swiftSettings: views),
        .target(name: "TensorFiles", dependencies: ["Core", "CZip"], swiftSettings: views),
        .target(
            name: "Images", dependencies: ["Core", "CPNG", "CResample", "CTIFF", "CTurboJPEG", "CWebP"],
            swiftSettings: views),
        .target(name: "Archives", dependencies: ["Core", "CArchive", "CSnappy"], swiftSettings: views),
        .target(
            name: "Datasets",
            dependencies: ["Archives", "Core", "Images", "CCSV", "CMatio", "CSimdjson"],
            swiftSettings: views),
        .target(name: "Drawing", dependencies: ["Core", "Datasets"], swiftSettings: common),
        .target(
            name: "CLIP", dependencies: ["Core", "Kernels", "TensorFiles"], swiftSettings: views
        ),
        .target(
            name: "FeatureStore", dependencies: ["Core", "TensorFiles", "CHDF5", "CZstd"],
            exclude: ["Format/FORMAT.md"], swiftSettings: views),
        .target(
            name: "Extraction",
            dependencies: ["Archives", "Core", "CLIP", "Datasets", "FeatureStore", "Images", "Kernels"],
            swiftSettings: common),
        .target(name: "Scheduling", dependencies: ["Core"], swiftSettings: common),
        .target(name: "Adapter", dependencies: ["Core", "Kernels"], swiftSettings: views),
        .target(
            name: "Studies",
            dependencies: ["Adapter", "Core", "Datasets", "FeatureStore", "Kernels", "TensorFiles", yaml],
            swiftSettings: common),
        .target(name: "Reporting", dependencies: ["Adapter", "Core", "Studies"], swiftSettings: common),

        .target(
            name: "Command", dependencies: ["Core", "Scheduling", argumentParser],
            path: "Sources/tools/Command",
            swiftSettings: common),
        tool("fewshot-split", ["Core", "Datasets", "Drawing"]),
        tool(
            "fewshot-features",
            ["Extraction", "CLIP", "Datasets", "FeatureStore", "Images", "Kernels", "Scheduling", "Core"]),
        tool(
            "fewshot-train",
            ["Studies", "Scheduling", "Adapter", "CLIP", "Datasets", "Extraction", "Images", "Kernels", "Core"]),
        tool("fewshot-report", ["Reporting", "Studies", "Core"]),

        .target(
            name: "TestSupport", dependencies: ["Adapter", "Core", "Kernels", "TensorFiles"],
            path: "Tests/TestSupport", swiftSettings: common),
        tests("CoreTests", ["Core"]),
        tests("TensorFilesTests", ["TensorFiles", "Core"]),
        tests("ArchivesTests", ["Archives", "Core"]),
        tests("KernelsTests", ["Kernels", "Core"]),
        tests("ImagesTests", ["Images", "Core"]),
        tests("DatasetsTests", ["Datasets", "Core"]),
        tests("FeatureStoreTests", ["FeatureStore", "TensorFiles", "Core"]),
        tests("DrawingTests", ["Drawing", "Datasets", "Images", "Core"]),
        tests("CLIPTests", ["CLIP", "Drawing", "Images", "Kernels", "TensorFiles", "Core"]),
        tests(
            "ExtractionTests",
            ["Extraction", "CLIP", "Datasets", "Drawing", "FeatureStore", "Images", "Kernels", "Core"]),
        tests("SchedulingTests", ["Scheduling", "Core"]),
        tests("AdapterTests", ["Adapter", "Kernels", "Core"]),
        tests(
            "StudiesTests",
            ["Studies", "Adapter", "Datasets", "FeatureStore", "Kernels", "TensorFiles", "Core"]),
        tests("ReportingTests", ["Reporting", "Studies", "Adapter", "FeatureStore", "Core"]),
        tests("ToolsTests", ["FeatureStore", "TensorFiles", "Core"]),
    ],
    cxxLanguageStandard: .cxx17
)
