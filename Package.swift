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
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

/// A C library of Debian's, behind one module of ours.
func door(_ name: String, _ library: String, _ package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: library, providers: [.apt([package])])
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
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        door("CArchive", "libarchive", "libarchive-dev"),
        // No .pc file of its own.
        .systemLibrary(name: "CCSV", path: "Sources/C/CCSV", providers: [.apt(["libcsv-dev"])]),
        door("CHDF5", "hdf5", "libhdf5-dev"),
        door("CMatio", "matio", "libmatio-dev"),
        // Opened at run time, after its kernels are chosen: not linked, so no pkg-config.
        .systemLibrary(name: "COpenBLAS", path: "Sources/C/COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        door("COpenSSL", "libcrypto", "libssl-dev"),
        door("CSnappy", "snappy", "libsnappy-dev"),
        door("CTIFF", "libtiff-4", "libtiff-dev"),
        door("CTurboJPEG", "libturbojpeg", "libturbojpeg0-dev"),
        door("CWebP", "libwebpdemux", "libwebp-dev"),
        door("CZip", "libzip", "libzip-dev"),
        door("CZlib", "zlib", "zlib1g-dev"),
        door("CZstd", "libzstd", "libzstd-dev"),
        .target(name: "CBrainFloat", path: "Sources/C/CBrainFloat"),
        .target(name: "CPNG", path: "Sources/C/CPNG", linkerSettings: [.linkedLibrary("png")]),
        .target(name: "CProcessor", path: "Sources/C/CProcessor"),
        .target(name: "CResample", path: "Sources/C/CResample"),
        .target(name: "CXXHash", path: "Sources/C/CXXHash"),
        .target(
            name: "CSimdjson", path: "Sources/C/CSimdjson",
            linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
        .target(
            name: "COneDNN", path: "Sources/C/COneDNN",
            linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),

        .target(name: "Core", dependencies: ["COpenSSL", "CXXHash", "CZlib", system], swiftSettings: views),
        .target(
            name: "Kernels", dependencies: ["CBrainFloat", "COpenBLAS", "COneDNN", "CProcessor"], swiftSettings: views),
        .target(name: "TensorFiles", dependencies: ["Core", "CZip"], swiftSettings: views),
        .target(
            name: "Images", dependencies: ["Core", "CPNG", "CResample", "CTIFF", "CTurboJPEG", "CWebP"],
            swiftSettings: views),
        .target(name: "Archives", dependencies: ["Core", "CArchive", "CSnappy"], swiftSettings: views),
        .target(
            name: "Datasets",
            dependencies: ["Archives", "Core", "Images", "CCSV", "CMatio", "CSimdjson"],
            swiftSettings: views),
        .target(name: "Drawing", dependencies: ["Core", "Datasets", "Kernels"], swiftSettings: common),
        .target(
            name: "CLIP", dependencies: ["Core", "Images", "Kernels", "TensorFiles"], swiftSettings: views
        ),
        .target(
            name: "FeatureStore", dependencies: ["Archives", "Core", "Kernels", "TensorFiles", "CHDF5", "CZstd"],
            exclude: ["Format/FORMAT.md"], swiftSettings: views),
        .target(
            name: "Extraction",
            dependencies: ["Archives", "Core", "CLIP", "Datasets", "FeatureStore", "Images", "Kernels"],
            swiftSettings: common),
        .target(name: "Scheduling", dependencies: ["Core"], swiftSettings: common),
        .target(name: "Adapter", dependencies: ["Core", "Kernels", "TensorFiles"], swiftSettings: views),
        .target(
            name: "Studies", dependencies: ["Adapter", "Core", "Datasets", "FeatureStore", "TensorFiles", yaml],
            swiftSettings: common),
        .target(name: "Reporting", dependencies: ["Adapter", "Core", "Studies"], swiftSettings: common),

        .target(
            name: "Command", dependencies: ["Core", "Kernels", "Scheduling", argumentParser],
            path: "Sources/tools/Command",
            swiftSettings: common),
        tool("fewshot-split", ["Datasets", "Drawing", "Images", "Core"]),
        tool(
            "fewshot-features",
            ["Extraction", "CLIP", "Datasets", "FeatureStore", "Images", "Kernels", "Scheduling", "Core"]),
        tool(
            "fewshot-train",
            ["Studies", "Scheduling", "Adapter", "CLIP", "Datasets", "Extraction", "Images", "Core"]),
        tool("fewshot-report", ["Reporting", "Studies", "Core"]),

        .executableTarget(
            name: "fewshot-bench",
            dependencies: [
                "Adapter", "CLIP", "Datasets", "FeatureStore", "Images", "Kernels", "TensorFiles", "Core",
            ],
            path: "Benchmarks/fewshot-bench", swiftSettings: common),

        .target(
            name: "TestSupport", dependencies: ["Adapter", "Core", "Kernels", "TensorFiles"],
            path: "Tests/TestSupport", swiftSettings: common),
        tests("CoreTests", ["Core"]),
        tests("TensorFilesTests", ["TensorFiles", "Core"]),
        tests("ArchivesTests", ["Archives", "Core"]),
        tests("KernelsTests", ["Kernels", "Core"]),
        tests("ImagesTests", ["Images", "Core"]),
        tests("DatasetsTests", ["Datasets", "Core"]),
        tests("FeatureStoreTests", ["FeatureStore", "Kernels", "TensorFiles", "Core"]),
        tests("DrawingTests", ["Drawing", "Datasets", "Images", "Core"]),
        tests("CLIPTests", ["CLIP", "Drawing", "Images", "Kernels", "TensorFiles", "Core"]),
        tests(
            "ExtractionTests",
            ["Extraction", "CLIP", "Datasets", "Drawing", "FeatureStore", "Images", "Kernels", "Core"]),
        tests("SchedulingTests", ["Scheduling", "Core"]),
        tests("AdapterTests", ["Adapter", "Kernels", "TensorFiles", "Core"]),
        tests(
            "StudiesTests",
            ["Studies", "Adapter", "Datasets", "FeatureStore", "Kernels", "TensorFiles", "Core"]),
        tests("ReportingTests", ["Reporting", "Studies", "Adapter", "FeatureStore", "Core"]),
        tests("ToolsTests", ["FeatureStore", "TensorFiles", "Core"]),
    ],
    cxxLanguageStandard: .cxx17
)
